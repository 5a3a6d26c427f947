"""The sheet of a recommendation answers first, then says why, what to change and what is open."""

import msgspec
import pytest

from advisor.advice import Truth, Verdict
from advisor.estimate import Basis, Interval
from advisor.machine import Gap
from advisor.render import Style
from advisor.render.table import render
from advisor.report import (
    Answer,
    DisturbedLine,
    FindingLine,
    OpenLine,
    PlanLine,
    Recommendation,
    RejectedLine,
)
from advisor.rule import Effect, Severity
from tests.fakes import GIB, MACHINE, MEASURED, measured

BASIS = Basis(fact="cpu.matmul_peak.fp32", value=3e11, origin="measured", source="matmul.peak")


def plan(place: str = "cpu", dtype: str = "fp32", rate: float = 10.0) -> PlanLine:
    return PlanLine(
        id=f"training/{place}/{dtype}/32",
        place=place,
        dtype=dtype,
        batch=32,
        throughput=Interval(rate * 0.9, rate, rate * 1.2, "samples/s"),
        seconds=None,
        seconds_range=None,
        memory_bytes=4.0 * GIB,
        memory_range=Interval(3 * GIB, 4 * GIB, 5 * GIB, "bytes"),
        memory_available=16.0 * GIB,
        memory_idle=None,
        memory_parts={},
        bound="compute",
        job="90 epochs",
        job_seconds=Interval(8e6, 9e6, 1e7, "s"),
        basis=(BASIS,),
    )


ANSWER = Answer(
    chosen=plan(),
    runner_up=plan("gpu:0", "fp16"),
    faster=Interval(1.5, 2, 2.5, "1"),
    tied=False,
    settles=None,
    why_none=None,
    rejected=tuple(
        RejectedLine(plan(where), f"rule-{i // 3}", f"too big for {where}")
        for i, where in enumerate(("gpu:1", "gpu:1", "gpu:2", "cpu", "cpu"))
    ),
    preferred=("keep-fp32",),
    doubts=(OpenLine("may-not-fit", "cpu", "It may not fit", ("mlinfra bench",)),),
)
REPORT = Recommendation(
    tool="0.1.0",
    profile="abc",
    taken="2026-01-01T00:00:00Z",
    machine=MACHINE,
    measurements=MEASURED,
    workload="cnn",
    title="ResNet-50 at 224 × 224",
    plans={"training": ANSWER},
    fixes=(
        FindingLine(
            rule="use-all-cores",
            subject="machine",
            severity="warning",
            title="Two of eight CPUs are allowed",
            advice="Raise the quota.",
            because="It is 2.",
        ),
    ),
    findings=(
        FindingLine(
            rule="hot", subject="gpu:0", severity="info", title="It is warm", advice="", because=""
        ),
    ),
    open=(OpenLine("power-cap", "gpu:0", "The power cap is unknown", ("look",)),),
)


def sheet(report: Recommendation = REPORT, **style: bool) -> str:
    return render(report, Style(**style))


@pytest.mark.parametrize(
    "said",
    [
        "ResNet-50 at 224 × 224",
        "Run on     cpu in fp32, batch 32",
        "Speed      10 samples/s (9 – 12 samples/s); limited by compute",
        "Job        90 epochs: 104 d (92.6 – 116 d)",
        "Memory     4 GiB (3 – 5 GiB) needed of 16 GiB available",
        "Next best  gpu:0 in fp16, batch 32: 2× (1.5 – 2.5) slower",
        "Because    keep-fp32",
        "Doubt      perhaps: It may not fit [may-not-fit]; to settle: mlinfra bench",
        "Two of eight CPUs are allowed  [use-all-cores]",
        "Raise the quota.",
        "It is warm (gpu:0)  [hot]",
        "Not known whether the power cap is unknown [power-cap]: `look` would tell",
    ],
)
def test_says(said):
    assert said in sheet()


def test_fixes_stand_before_findings():
    assert sheet().index("use-all-cores") < sheet().index("[hot]")


def test_explain_tells_of_the_first_and_second_plan_and_of_all_if_asked():
    def said(subject: str) -> Verdict:
        return Verdict(
            rule=f"about {subject}",
            subject=subject,
            truth=Truth.QUIET,
            effect=Effect.ADVISE,
            severity=Severity.INFO,
            title="t",
        )

    subjects = ("machine", "training/cpu/fp32/32", "training/gpu:0/fp16/32", "training/cpu/fp32/1")
    report = msgspec.structs.replace(REPORT, verdicts=tuple(map(said, subjects)))
    told = sheet(report, explain=True)
    assert [s for s in subjects if f"about {s} on" in told] == list(subjects[:3])
    assert f"about {subjects[3]} on" in sheet(report, explain=True, verbose=True)


def test_what_is_only_good_to_know_is_asked_with_verbose():
    slight = OpenLine("slight", "machine", "A slight thing", (), "info")
    report = msgspec.structs.replace(REPORT, open=(*REPORT.open, slight))
    assert "slight" not in sheet(report)
    assert "1 more" not in sheet(report)
    assert "A slight thing" in sheet(report, verbose=True)


def test_what_the_program_itself_can_settle_is_asked_first():
    waits = OpenLine("waits", "training/cpu", "It waits", ("mlinfra bench input",))
    again = OpenLine("waits", "training/gpu:0", "It waits", ("mlinfra bench input",))
    told = sheet(msgspec.structs.replace(REPORT, open=(*REPORT.open, waits, again)))
    said = "Not known whether it waits [waits]: `mlinfra bench input` would tell (1 more: -v"
    assert said in " ".join(told.split())
    assert "power cap" not in told


def test_what_is_said_alike_of_several_is_said_once():
    lines = tuple(
        FindingLine(
            rule="capped",
            subject=f"gpu:{n}",
            severity="warning",
            title="Its power is capped",
            advice="Lift it.",
            because="Capped.",
        )
        for n in range(8)
    )
    told = sheet(msgspec.structs.replace(REPORT, fixes=lines))
    assert told.count("Its power is capped") == 1
    assert "(gpu:0, gpu:1, gpu:2 and others)" in told


def test_a_handful_is_shown_unless_all_are_asked_for():
    lines = tuple(
        FindingLine(
            rule=f"r{n}", subject="machine", severity="info", title=f"Thing {n}", advice="Do.",
            because="",
        )
        for n in range(9)
    )  # fmt: skip
    report = msgspec.structs.replace(REPORT, fixes=lines)
    assert "Thing 8" not in sheet(report)
    assert "and 6 more" in sheet(report)
    assert "Thing 8" in sheet(report, verbose=True)


def test_what_should_have_been_timed_and_was_not_is_said():
    gaps = (Gap("measurements.matmul.cpu", "torch is not installed", "install it"),)
    machine = msgspec.structs.replace(MACHINE, gaps=gaps)
    text = sheet(msgspec.structs.replace(REPORT, machine=machine))
    assert "Not timed  matmul.cpu: torch is not installed; install it" in text


def test_what_more_time_would_cure_is_told_in_one_line():
    late = tuple(
        Gap(f"measurements.{name}.cpu", "5 rounds of it do not fit", f"mlinfra bench {name}")
        for name in ("op", "conv", "matmul")
    )
    gone = Gap("measurements.disk.read", "no space", "")
    machine = msgspec.structs.replace(MACHINE, gaps=(*late, gone))
    report = msgspec.structs.replace(REPORT, machine=machine)
    text = " ".join(sheet(report).split())
    assert text.count("Not timed") == 2
    assert "disk.read: no space" in text
    assert "op.cpu: 5 rounds of it do not fit; mlinfra bench op (and 2 like it: -v)" in text
    assert sheet(report, verbose=True).count("Not timed") == 4


def test_many_measurements_are_counted_and_shown_with_verbose():
    devices = ["cpu", *(f"gpu:{n}" for n in range(8))]
    many = tuple(measured("memory.copy", d, 1e11, "bytes/s") for d in devices)
    report = msgspec.structs.replace(REPORT, measurements=many)
    told = " ".join(sheet(report).split())
    assert "figures: 1 of cpu, 1 of gpu:0, 1 of gpu:1, those of 6 more places" in told
    assert "gpu:7: memory.copy" in " ".join(sheet(report, verbose=True).split())


@pytest.mark.parametrize(
    ("unit", "said"),
    [("samples/s", "Train on cpu in fp32, batch 32: 10 samples/s."),
     ("jobs/s", "Train on cpu: 10 s for the whole job.")],
)  # fmt: skip
def test_the_cpu_is_not_compared_with_itself(unit, said):
    chosen = msgspec.structs.replace(
        plan(),
        job=None,
        throughput=Interval(9, 10, 11, unit),
        seconds_range=Interval(9, 10, 11, "s"),
    )
    twin = msgspec.structs.replace(chosen)
    report = msgspec.structs.replace(
        REPORT, plans={"training": msgspec.structs.replace(ANSWER, chosen=chosen, places=(twin,))}
    )
    assert said in " ".join(render(report, Style()).split())


def test_figures_are_as_old_as_the_last_of_them():
    rows = [
        measured("memory.copy", device, 1e9, "bytes/s", taken=f"2026-01-01T00:0{minute}:00Z")
        for device, minute in (("cpu", 0), ("gpu:0", 5))
    ]
    report = msgspec.structs.replace(REPORT, measurements=tuple(rows))
    told = " ".join(render(report, Style(now="2026-01-01T00:15:00+00:00")).split())
    assert "figures: 1 of cpu, 1 of gpu:0, the last 10 min ago" in told


def test_what_was_asked_is_said_with_what_has_no_effect():
    told = sheet(
        msgspec.structs.replace(REPORT, asked=("batch 4", "8 tokens"), idle=("--context",))
    )
    assert "Asked for  batch 4; 8 tokens; without effect here: --context" in told
    assert "Asked for" not in sheet()


def test_disturbed_figures_are_named_with_their_cause():
    line = DisturbedLine("cpu", 40, 60, "other processes took 46 % of the processors")
    told = " ".join(sheet(msgspec.structs.replace(REPORT, disturbed=(line,))).split())
    assert "40 of 60 figures of cpu: other processes took 46 % of the processors" in told
    assert "run `mlinfra bench` again when it is quiet" in told


def test_what_was_assumed_of_the_network_is_said():
    notes = ("the size 'n' is taken as 128", "b is left out", "c is")
    report = msgspec.structs.replace(REPORT, notes=notes)
    short = " ".join(sheet(report).split())
    assert "Network the size 'n' is taken as 128; b is left out (and 1 more: -v)" in short
    assert "b is left out; c is" in " ".join(sheet(report, verbose=True).split())
    assert "Network" not in sheet()
