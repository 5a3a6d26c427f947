"""The nearest right name, for whoever mistyped one."""

from collections.abc import Iterable


def near(name: str, names: Iterable[str]) -> str:
    """Say ``did you mean 'x'?``, or nothing where no name is close."""
    from difflib import get_close_matches

    found = get_close_matches(name[:80], list(names), n=1, cutoff=0.6)
    return f"did you mean {found[0]!r}?" if found else ""


def listed(names: Iterable[str]) -> str:
    """Join a few names for a message."""
    return ", ".join(names)
