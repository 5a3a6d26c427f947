"""What a check makes of verdicts: pass, fail, unknown, not applicable or waived; and the exit code.

A verdict *fires* when a rule fails: for a `require` rule when its condition is false, for any other
when it is true. What an outcome weighs for the exit code is its *standing*.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Literal

import msgspec

from advisor.advice import Truth, Verdict
from advisor.errors import Exit
from advisor.rule import Severity, Waiver


class Result(StrEnum):
    """What became of one rule for one subject in a check."""

    PASS = "pass"  # noqa: S105 - an outcome, no password
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not-applicable"
    WAIVED = "waived"


class Standing(StrEnum):
    """What an outcome does to the exit code; every dialect agrees with it.

    ``minor`` is a failure or an open question that was told not to count, ``excused`` one that is
    waived or does not apply.
    """

    PASS = "pass"  # noqa: S105 - a standing, no password
    FAIL = "fail"
    OPEN = "open"
    MINOR = "minor"
    EXCUSED = "excused"


class Strictness(msgspec.Struct, frozen=True):
    """The least severity that counts, and what a question left open counts as."""

    fail_on: Severity = Severity.ERROR
    unknown_as: Literal["unknown", "fail", "pass"] = "unknown"


class Judged(msgspec.Struct, frozen=True):
    """A verdict with its outcome; ``note`` tells of its waiver."""

    verdict: Verdict
    result: Result
    note: str = ""


_RESULTS = {
    Truth.FIRES: Result.FAIL,
    Truth.QUIET: Result.PASS,
    Truth.UNKNOWN: Result.UNKNOWN,
    Truth.NOT_APPLICABLE: Result.NOT_APPLICABLE,
}
_RANK = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}
_OPEN = {"unknown": Standing.OPEN, "fail": Standing.FAIL, "pass": Standing.MINOR}


def outcome(verdict: Verdict, waivers: Mapping[str, Waiver], taken: str) -> Judged:
    """Judge one verdict; a waiver excuses a failure up to its last day, as of ``taken``."""
    result = _RESULTS[verdict.truth]
    waiver = waivers.get(verdict.rule)
    if waiver is None or result in {Result.PASS, Result.NOT_APPLICABLE}:
        return Judged(verdict, result)
    if taken[:10] > waiver.expires:
        return Judged(verdict, result, f"the waiver of {waiver.owner} expired {waiver.expires}")
    words = f"waived by {waiver.owner} until {waiver.expires}: {waiver.reason}"
    return Judged(verdict, Result.WAIVED, words)


def standing(judged: Judged, strictness: Strictness) -> Standing:
    """Say what an outcome weighs."""
    if judged.result is Result.PASS:
        return Standing.PASS
    if judged.result in {Result.WAIVED, Result.NOT_APPLICABLE}:
        return Standing.EXCUSED
    if _RANK[judged.verdict.severity] < _RANK[strictness.fail_on]:
        return Standing.MINOR
    return Standing.FAIL if judged.result is Result.FAIL else _OPEN[strictness.unknown_as]


def counts(results: Iterable[str]) -> dict[str, int]:
    """Count every outcome, those that never came up too."""
    found = Counter(results)
    return {result.value: found[result] for result in Result}


def exit_code(standings: Collection[str]) -> Exit:
    """Return 1 for a failure that counts, else 3 where the answer is open, else 0."""
    if Standing.FAIL in standings:
        return Exit.FAILED
    said_something = any(standing != Standing.EXCUSED for standing in standings)
    if Standing.OPEN in standings or not said_something:
        return Exit.INCONCLUSIVE
    return Exit.DONE
