"""The one error of the house, and the exit codes that scripts rely on."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

import msgspec


class Exit(IntEnum):
    """What the process tells the shell; the whole program uses this one table."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    INCONCLUSIVE = 3
    BROKEN = 4
    INTERRUPTED = 130
    TERMINATED = 143


class Where(msgspec.Struct, frozen=True, omit_defaults=True):
    """A place in a file the user gave us; lines and columns count from 1."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """Print as compilers do, so that editors can jump there."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


class AdvisorError(Exception):
    """Something that the user can act on; anything else that rises is a bug.

    A message says what was attempted, what is wrong, where, and what to do about it. ``excerpt``
    is the line of the user's file with a caret under the fault, for people.
    """

    excerpt: str = ""

    def __init__(
        self,
        attempted: str,
        wrong: str,
        *,
        remedy: str = "",
        where: Where | None = None,
        code: Exit = Exit.USAGE,
    ) -> None:
        """Keep the parts apart, so that JSON can carry them as they are."""
        super().__init__(attempted, wrong)
        self.attempted = attempted
        self.wrong = wrong
        self.remedy = remedy
        self.where = where
        self.code = code

    @property
    def problems(self) -> "tuple[AdvisorError, ...]":
        """Every mistake that this error stands for: itself."""
        return (self,)

    def __str__(self) -> str:
        """One line: place, what was attempted, what is wrong, what to do."""
        named = self.where is None or self.attempted.endswith(f" {self.where}")
        place = "" if named else f"{self.where}: "
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{place}{self.attempted}: {self.wrong}{remedy}"


class AdvisorErrors(AdvisorError):  # noqa: N818 -- it is several
    """Several mistakes found in one pass; ``problems`` holds each, in the order of the files."""

    def __init__(self, attempted: str, problems: Sequence[AdvisorError]) -> None:
        """Stand for all of them where one error is wanted: the first one's place and code."""
        first = problems[0]
        wrong = first.wrong if len(problems) == 1 else f"{len(problems)} mistakes"
        super().__init__(
            attempted, wrong, where=first.where, code=max(problem.code for problem in problems)
        )
        self._problems = tuple(problems)

    @property
    def problems(self) -> tuple[AdvisorError, ...]:
        """Every mistake, in the order of the files."""
        return self._problems

    def __str__(self) -> str:
        """Each problem in its own line, under it the line at fault where there is one."""
        lines = ("\n".join(filter(None, (str(p), p.excerpt))) for p in self.problems)
        return "\n".join(lines)


class ErrorReport(msgspec.Struct, frozen=True, kw_only=True):
    """An error as scripts read it."""

    schema: str = "mlinfra/error/1"
    attempted: str
    wrong: str
    where: dict[str, Any] | None
    remedy: str
    exit: int
