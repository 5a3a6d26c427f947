"""Every fact is declared once, with a unit that can be read and a meaning."""

import pytest

from advisor.fact import Kind
from advisor.units import unit
from advisor.vocabulary import declared
from advisor.vocabulary.words import OPTIONAL


@pytest.mark.parametrize("word", declared().values(), ids=lambda d: d.name)
def test_a_declaration(word):
    assert word.meaning
    if word.kind is Kind.NUMBER:
        assert unit(word.unit) is not None


@pytest.mark.parametrize(
    ("one", "other", "kin"),
    [
        ("gpu.matmul_peak.fp16", "gpu.matmul_peak.fp32", True),
        ("plan.throughput", "plan.job_time", True),
        ("gpu.matmul_peak.fp16", "cpu.matmul_peak.fp16", False),
        ("plan.memory", "plan.memory_available", False),
    ],
)
def test_facts_that_share_an_error_are_kin(one, other, kin):
    words = declared()
    assert (words[one].family is not None and words[one].family == words[other].family) is kin


@pytest.mark.parametrize("name", sorted(OPTIONAL))
def test_what_may_be_missing_is_declared(name):
    assert declared()[name].optional
