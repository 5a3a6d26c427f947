"""What a check makes of verdicts: pass, fail, unknown, not applicable or waived; and the exit code.

A verdict *fires* when a rule fails: for a `require` rule when its condition is false, for any other
when it is true.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

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


def counts(judged: Iterable[Judged]) -> dict[str, int]:
    """Count every outcome, those that never came up too."""
    found = Counter(j.result for j in judged)
    return {result.value: found[result] for result in Result}


def exit_code(judged: Iterable[Judged], fail_on: Severity) -> Exit:
    """Return 1 for a failure that counts, else 3 where the answer is open, else 0."""
    listed = list(judged)
    grave = [j for j in listed if _RANK[j.verdict.severity] >= _RANK[fail_on]]
    if any(j.result is Result.FAIL for j in grave):
        return Exit.FAILED
    if any(j.result is Result.UNKNOWN for j in grave):
        return Exit.INCONCLUSIVE
    said_nothing = {Result.WAIVED, Result.NOT_APPLICABLE}
    return Exit.INCONCLUSIVE if all(j.result in said_nothing for j in listed) else Exit.DONE
