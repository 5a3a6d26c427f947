"""Every rule gives a verdict on every subject, and says what would settle an unknown."""

import pytest

from advisor.advice import Truth
from advisor.fact import Facts, Status, SubjectSet
from advisor.judge.verdicts import judge, speaking
from tests.judge.rules import make
from tests.small import VOCABULARY, facts

GPU = {"for": "gpu", "when": "gpu.matmul_peak.fp16 < 50 TFLOPS"}


def verdicts(stated, **rule):
    return judge([make(**rule)], stated, VOCABULARY)


@pytest.mark.parametrize(
    ("peak", "truth", "settles"),
    [
        (40e12, Truth.FIRES, ()),
        (60e12, Truth.QUIET, ()),
        ((40e12, 60e12), Truth.UNKNOWN, ("mlinfra bench",)),
        (None, Truth.UNKNOWN, ("mlinfra bench",)),
        (Status.MISSING, Truth.UNKNOWN, ()),
    ],
)
def test_truths(peak, truth, settles):
    (verdict,) = verdicts(facts(gpu={"gpu:0": {"gpu.matmul_peak.fp16": peak}}), **GPU)
    assert (verdict.subject, verdict.truth, verdict.settles) == ("gpu:0", truth, settles)


@pytest.mark.parametrize(
    ("phase", "cores", "effect", "truth"),
    [
        ("training", 8, "advise", Truth.FIRES),
        ("training", 2, "advise", Truth.QUIET),
        ("training", None, "advise", Truth.UNKNOWN),
        ("inference", None, "advise", Truth.NOT_APPLICABLE),
        (None, 8, "advise", Truth.UNKNOWN),
        (None, 2, "advise", Truth.QUIET),
        # A requirement fires, that is fails, where its condition is false.
        ("training", 8, "require", Truth.QUIET),
        ("training", 2, "require", Truth.FIRES),
        ("training", None, "require", Truth.UNKNOWN),
        ("inference", 2, "require", Truth.NOT_APPLICABLE),
        (None, 8, "require", Truth.QUIET),
        (None, 2, "require", Truth.UNKNOWN),
    ],
)
def test_applies_and_when(phase, cores, effect, truth):
    stated = facts(machine={"machine": {"workload.phase": phase, "cpu.cores": cores}})
    (verdict,) = verdicts(
        stated, applies="workload.phase == training", when="cpu.cores > 4", effect=effect
    )
    assert verdict.truth is truth


@pytest.mark.parametrize(
    ("members", "unseen", "subjects"),
    [
        ({}, None, [("gpu", Truth.NOT_APPLICABLE)]),
        ({}, "driver fails", [("gpu:?", Truth.UNKNOWN)]),
        ({"gpu:0": {"gpu.matmul_peak.fp16": 4e13}}, "driver fails",
         [("gpu:0", Truth.FIRES), ("gpu:?", Truth.UNKNOWN)]),
    ],
)  # fmt: skip
def test_unseen_members_add_one_unknown(members, unseen, subjects):
    found = verdicts(facts(unseen, gpu=members), **GPU)
    assert [(v.subject, v.truth) for v in found] == subjects
    assert all(v.settles for v in found if v.truth is Truth.UNKNOWN)


def test_a_set_that_nobody_stated_is_empty():
    assert [v.truth for v in verdicts(facts(), **GPU)] == [Truth.NOT_APPLICABLE]


def test_texts_are_filled_where_the_rule_speaks():
    texts = {"advice": "'You have {cpu.cores}.'", "because": "'{cpu.threads} threads.'"}
    stated = facts(machine={"machine": {"cpu.cores": 8}})
    (fires,) = verdicts(stated, when="cpu.cores > 4", **texts)
    (quiet,) = verdicts(stated, when="cpu.cores < 4", **texts)
    assert (fires.advice, fires.because) == ("You have 8.", "unknown threads.")
    assert (quiet.advice, quiet.because) == ("", "")


@pytest.mark.parametrize(
    ("when", "settles"),
    [
        ("{all: [memory.copy > 1 GB/s, cpu.cores > 1]}", ("mlinfra bench",)),
        ("{all: [memory.copy > 1 GB/s, cpu.cores > 99]}", ()),
        # The open part of a decided block decides nothing.
        ("{all: [{any: [memory.copy > 1 GB/s, cpu.cores > 1]}, cpu.threads > 1]}", ()),
        ("{any: [memory.copy > 1 GB/s, {not: exists software.driver}]}", ("mlinfra bench",)),
    ],
)
def test_only_what_matters_settles(when, settles):
    stated = facts(machine={"machine": {"cpu.cores": 8}})
    (verdict,) = verdicts(stated, when=when)
    assert verdict.settles == settles


@pytest.mark.parametrize("peak", [40e12, 60e12, (40e12, 60e12), None])
def test_what_speaks_is_what_fires_or_is_unknown(peak):
    stated = facts(gpu={"gpu:0": {"gpu.matmul_peak.fp16": peak}})
    rules = [
        make(**GPU),
        make(**{**GPU, "when": {"not": {"any": [GPU["when"], "gpu.memory > 1 GB"]}}}),
    ]
    whole = judge(rules, stated, VOCABULARY)
    assert all(verdict.steps for verdict in whole)
    told = tuple(v for v in whole if v.truth in {Truth.FIRES, Truth.UNKNOWN})
    assert speaking(rules, stated, VOCABULARY) == told


def test_a_set_that_may_have_unseen_members_speaks_and_an_empty_one_does_not():
    empty = Facts({"gpu": SubjectSet(())})
    unseen = Facts({"gpu": SubjectSet((), "the driver does not answer")})
    assert [v.truth for v in judge([make(**GPU)], empty, VOCABULARY)] == [Truth.NOT_APPLICABLE]
    assert speaking([make(**GPU)], empty, VOCABULARY) == ()
    assert speaking([make(**GPU)], unseen, VOCABULARY) == judge([make(**GPU)], unseen, VOCABULARY)
