"""Verdicts become outcomes, and outcomes an exit code that scripts can trust."""

import pytest

from advisor.advice import Truth, Verdict
from advisor.judge.outcomes import (
    Result,
    Standing,
    Strictness,
    counts,
    exit_code,
    outcome,
    standing,
)
from advisor.rule import Effect, Severity, Waiver

WAIVER = Waiver(rule="r", reason="new cable ordered", owner="ann", expires="2026-06-30")
STRICT = Strictness()
BEFORE, AFTER = "2026-06-30T23:59:59Z", "2026-07-01T00:00:00Z"


def verdict(truth: Truth, severity: Severity = Severity.ERROR) -> Verdict:
    return Verdict(
        rule="r",
        subject="machine",
        truth=truth,
        effect=Effect.REQUIRE,
        severity=severity,
        title="t",
    )


@pytest.mark.parametrize(
    ("truth", "waiver", "taken", "result", "code"),
    [
        (Truth.FIRES, None, BEFORE, Result.FAIL, 1),
        (Truth.QUIET, None, BEFORE, Result.PASS, 0),
        (Truth.UNKNOWN, None, BEFORE, Result.UNKNOWN, 3),
        (Truth.NOT_APPLICABLE, None, BEFORE, Result.NOT_APPLICABLE, 3),
        (Truth.FIRES, WAIVER, BEFORE, Result.WAIVED, 3),
        (Truth.UNKNOWN, WAIVER, BEFORE, Result.WAIVED, 3),
        (Truth.QUIET, WAIVER, BEFORE, Result.PASS, 0),
        (Truth.FIRES, WAIVER, AFTER, Result.FAIL, 1),
    ],
)
def test_one_rule(truth, waiver, taken, result, code):
    judged = outcome(verdict(truth), {"r": waiver} if waiver else {}, taken)
    assert judged.result is result
    assert exit_code([standing(judged, STRICT)]) == code


def test_an_expired_waiver_says_so():
    judged = outcome(verdict(Truth.FIRES), {"r": WAIVER}, AFTER)
    assert judged.note == "the waiver of ann expired 2026-06-30"


@pytest.mark.parametrize(
    ("severity", "fail_on", "code"),
    [
        (Severity.WARNING, Severity.ERROR, 0),
        (Severity.WARNING, Severity.WARNING, 1),
        (Severity.INFO, Severity.WARNING, 0),
        (Severity.INFO, Severity.INFO, 1),
    ],
)
def test_only_what_is_bad_enough_fails(severity, fail_on, code):
    judged = outcome(verdict(Truth.FIRES, severity), {}, BEFORE)
    assert exit_code([standing(judged, Strictness(fail_on))]) == code


def test_a_failure_outweighs_an_open_question():
    judged = [outcome(verdict(t), {}, BEFORE) for t in (Truth.UNKNOWN, Truth.FIRES, Truth.QUIET)]
    assert exit_code([standing(j, STRICT) for j in judged]) == 1
    assert counts(j.result for j in judged) == {
        "pass": 1,
        "fail": 1,
        "unknown": 1,
        "not-applicable": 0,
        "waived": 0,
    }


@pytest.mark.parametrize(
    ("truth", "severity", "unknown_as", "stands", "code"),
    [
        (Truth.UNKNOWN, Severity.ERROR, "unknown", Standing.OPEN, 3),
        (Truth.UNKNOWN, Severity.ERROR, "fail", Standing.FAIL, 1),
        (Truth.UNKNOWN, Severity.ERROR, "pass", Standing.MINOR, 0),
        (Truth.UNKNOWN, Severity.WARNING, "fail", Standing.MINOR, 0),
        (Truth.FIRES, Severity.ERROR, "pass", Standing.FAIL, 1),
        (Truth.NOT_APPLICABLE, Severity.ERROR, "fail", Standing.EXCUSED, 3),
    ],
)
def test_what_an_open_question_counts_as(truth, severity, unknown_as, stands, code):
    judged = outcome(verdict(truth, severity), {}, BEFORE)
    stood = standing(judged, Strictness(unknown_as=unknown_as))
    assert (stood, exit_code([stood])) == (stands, code)


def test_what_does_not_apply_beside_a_pass_passes():
    judged = [outcome(verdict(t), {}, BEFORE) for t in (Truth.NOT_APPLICABLE, Truth.QUIET)]
    assert exit_code([standing(j, STRICT) for j in judged]) == 0
