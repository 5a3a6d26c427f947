"""A trial passes if the rule says what its author expects."""

import pytest

from advisor.advice import Trial, Truth, Verdict
from advisor.errors import Where
from advisor.rule import Effect, Severity


@pytest.mark.parametrize(("expect", "passed"), [("fires", True), ("quiet", False)])
def test_passed(expect, passed):
    verdict = Verdict(
        rule="a", subject="example 1", truth=Truth.FIRES, effect=Effect.ADVISE,
        severity=Severity.INFO, title="t",
    )  # fmt: skip
    assert Trial("a", 1, expect, verdict, Where("a.yaml", 1)).passed is passed
