"""Examples are tests: what an author expects is held against what the rule says."""

import pytest

from advisor.judge.trials import try_examples
from tests.judge.rules import make
from tests.small import VOCABULARY


@pytest.mark.parametrize(
    ("expect", "cores", "passed"),
    [
        ("fires", "8", True),
        ("fires", "2", False),
        ("quiet", "2", True),
        ("unknown", "unknown", True),
        ("unknown", "missing", True),
        ("unknown", "2 to 8", True),
        ("fires", "6 to 8", True),
        ("not-applicable", "8", False),
    ],
)
def test_examples(expect, cores, passed):
    rule = make(
        when="cpu.cores > 4", examples=f"[{{expect: {expect}, facts: {{cpu.cores: {cores}}}}}]"
    )
    (trial,) = try_examples([rule], VOCABULARY)
    assert (trial.rule, trial.number, trial.expect, trial.passed) == ("a-rule", 1, expect, passed)
    assert trial.where.line == 5


def test_facts_that_are_not_listed_are_unknown():
    rule = make(when="cpu.cores > 4", examples="[{expect: unknown}]")
    assert [trial.passed for trial in try_examples([rule], VOCABULARY)] == [True]
