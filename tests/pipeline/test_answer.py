"""The report carries the whole answer, and of plans only what concerns the chosen ones."""

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from advisor import book
from advisor.advice import Decision, Rejected, Truth, Verdict
from advisor.estimate import Basis, Estimate, Interval, Plan
from advisor.fact import Fact, Origin
from advisor.pipeline.answer import digest, recommendation
from advisor.pipeline.look import Look
from advisor.pipeline.recommend import Question, recommend
from advisor.rule import Effect, Severity
from advisor.vocabulary import declared
from advisor.workload import Trees, Workload
from tests.fakes import BROKEN, PROFILE, machine, profile
from tests.fakes import GPU as FAKE_GPU
from tests.tools.golden_machines import MACHINES

WORKLOAD = Workload(
    name="trees",
    title="Trees",
    network="x",
    unit="jobs",
    phases=("training",),
    batches=(1,),
    sources=("s",),
    trees=Trees(rows=10, features=2, rounds=3, depth=4),
)
BASIS = Basis(fact="cpu.matmul_peak.fp32", value=3e11, origin="measured", source="matmul.peak")


def estimate(place: str) -> Estimate:
    return Estimate(
        plan=Plan(phase="training", place=place, dtype="fp32", batch=1),
        throughput=Interval(1, 2, 3, "jobs/s"),
        seconds=Interval(0.3, 0.5, 1, "s"),
        memory_bytes=None,
        memory_available=None,
        bound="memory",
        basis=(BASIS,),
    )


def verdict(rule: str, subject: str, truth: Truth, *, fix: bool = False) -> Verdict:
    return Verdict(
        rule=rule,
        subject=subject,
        truth=truth,
        effect=Effect.ADVISE,
        severity=Severity.INFO,
        title="t",
        fix=fix,
        settles=("mlinfra bench",),
    )


CPU, GPU = estimate("cpu"), estimate("gpu:0")
VERDICTS = (
    verdict("of-chosen", CPU.plan.id, Truth.FIRES),
    verdict("of-loser", GPU.plan.id, Truth.FIRES),
    verdict("of-machine", "machine", Truth.FIRES, fix=True),
    verdict("open", "gpu:0", Truth.UNKNOWN),
    verdict("quiet", "machine", Truth.QUIET),
)
REPORT = recommendation(
    PROFILE,
    WORKLOAD,
    {"training": Decision(phase="training", chosen=CPU, runner_up=GPU, ratio=(1.1, 1.5, 2.0))},
    VERDICTS,
)


def test_only_what_concerns_the_chosen_plan_is_told():
    assert [line.rule for line in REPORT.findings] == ["of-chosen"]
    assert [line.rule for line in REPORT.fixes] == ["of-machine"]
    assert [(line.rule, line.settles) for line in REPORT.open] == [("open", ("mlinfra bench",))]


def test_the_answer_keeps_every_number():
    answer = REPORT.plans["training"]
    assert answer.chosen is not None
    assert answer.chosen.basis == (BASIS,)
    assert answer.chosen.throughput == Interval(1, 2, 3, "jobs/s")
    assert answer.faster == Interval(1.1, 1.5, 2.0, "1")


def test_the_most_severe_stands_first():
    heavy = replace(verdict("heavy", "machine", Truth.FIRES), severity=Severity.ERROR)
    light = verdict("light", "machine", Truth.FIRES)
    told = recommendation(PROFILE, WORKLOAD, {}, (light, heavy))
    assert [line.rule for line in told.findings] == ["heavy", "light"]


def test_where_nothing_fits_the_leanest_plan_is_spoken_of():
    lean = replace(GPU, memory_bytes=Interval(1, 2, 3, "bytes"))
    fat = replace(CPU, memory_bytes=Interval(4, 5, 6, "bytes"))
    lost = tuple(Rejected(e, "plan-must-fit-memory", "too much") for e in (fat, lean))
    none = Decision(phase="training", chosen=None, rejected=lost)
    told = recommendation(PROFILE, WORKLOAD, {"training": none}, VERDICTS)
    assert [line.rule for line in told.findings] == ["of-loser"]


def test_the_digest_names_the_content():
    assert REPORT.profile == digest(PROFILE) != digest(profile(taken="2026-01-02T00:00:00Z"))


def test_what_a_broken_device_hides_is_not_asked_of_it_rule_by_rule():
    asked = (verdict("open", "gpu:0", Truth.UNKNOWN), verdict("unseen", "gpu:?", Truth.UNKNOWN))
    sound, broken = PROFILE, profile(machine=machine(devices=(FAKE_GPU, BROKEN)))
    rules = [
        [line.rule for line in recommendation(p, WORKLOAD, {}, asked).open] for p in (sound, broken)
    ]
    assert rules == [["open", "unseen"], ["open"]]


def test_what_gains_most_stands_first():
    def gaining(rule, gain):
        told = Fact(name="plan.batch_gain", value=gain, unit="1", origin=Origin.PREDICTED)
        return replace(verdict(rule, "machine", Truth.FIRES), told=(told,))

    told = recommendation(PROFILE, WORKLOAD, {}, (gaining("little", 1.2), gaining("much", 3.0)))
    assert [line.rule for line in told.findings] == ["much", "little"]


def test_what_a_repair_gains_is_told_of_the_plans_that_it_helps():
    gain = Interval(1.0, 1.2, 1.4, "1")
    chosen = replace(GPU, gains={"power_limit": gain})
    capped = replace(verdict("capped", "gpu:0", Truth.FIRES, fix=True), gain="power_limit")
    stolen = replace(verdict("stolen", "machine", Truth.FIRES, fix=True), gain="stolen")
    away = replace(verdict("away", "gpu:1", Truth.FIRES, fix=True), gain="power_limit")
    decision = Decision(phase="training", chosen=chosen)
    report = recommendation(PROFILE, WORKLOAD, {"training": decision}, (stolen, away, capped))
    told = {line.rule: line.gains for line in report.fixes}
    assert told == {"capped": {"training": gain}, "stolen": {"training": None}, "away": {}}
    assert report.fixes[0].rule == "capped"


@pytest.fixture(scope="module")
def known():
    """Every shipped rule by its id."""
    return {rule.id: rule for rule in book.rules((), declared())}


@pytest.mark.parametrize("name", sorted(MACHINES))
def test_every_number_that_is_told_stands_in_a_basis(name, known):
    path = Path(__file__).parents[1] / "golden" / f"{name}.json"
    for workload in MACHINES[name][1]:
        report = recommend(Question(workload=workload, look=Look(profile=path)), None)
        timed = {row.value for row in report.measurements}
        for plan in (a.chosen for a in report.plans.values() if a.chosen):
            assert plan.basis
            assert all(b.fact and b.source and b.value is not None for b in plan.basis)
            counted = {"timed ops"}
            mine = [b for b in plan.basis if b.origin == "measured" and b.fact not in counted]
            assert {b.value for b in mine} <= timed
        for line in (*report.fixes, *report.findings):
            rule = known[line.rule]
            named = set(re.findall(r"{([^{}]+)}", rule.title + rule.advice + rule.because))
            told = {b.fact for b in line.basis}
            said = f"{line.title} {line.advice} {line.because}"
            assert named <= told or "unknown" in said or "none" in said, (line.rule, named - told)
            assert all(b.origin for b in line.basis)
