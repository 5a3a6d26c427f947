"""The mistakes of one file, up to a number that anyone would still read."""

from advisor.errors import AdvisorError, AdvisorErrors

MOST = 50


class Enough(Exception):  # noqa: N818 -- a signal within this room
    """There are so many mistakes that reading on serves nobody."""


class Problems:
    """Mistakes in the order in which they were found."""

    def __init__(self) -> None:
        """Begin with none."""
        self.found: list[AdvisorError] = []

    def __len__(self) -> int:
        """How many there are so far."""
        return len(self.found)

    def note(self, error: AdvisorError) -> None:
        """Keep a mistake; raises Enough at the last one that is kept."""
        self.found.append(error)
        if len(self.found) >= MOST:
            raise Enough

    def settle(self, attempted: str) -> None:
        """Raise AdvisorErrors if there are any."""
        if self.found:
            raise AdvisorErrors(attempted, self.found)
