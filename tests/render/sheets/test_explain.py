"""Every condition is shown with its values, their origin and width."""

from advisor.advice import Step, Truth, Verdict
from advisor.fact import Fact, Origin, Status
from advisor.render.sheets.explain import conditions, value
from advisor.rule import Effect, Severity
from tests.render.sheets.test_layout import printed

PEAK = Fact(
    name="cpu.matmul_peak.fp32", value=123.4e12, low=120e12, high=125e12, unit="FLOP/s",
    origin=Origin.MEASURED,
)  # fmt: skip


def verdict(truth: Truth) -> Verdict:
    step = Step("cpu.matmul_peak.fp32 > 1 TFLOP/s", answer=True, facts=(PEAK,), depth=1)
    return Verdict(
        rule="r", subject="machine", truth=truth, effect=Effect.ADVISE, severity=Severity.INFO,
        title="t", steps=(step,), settles=("mlinfra bench",),
    )  # fmt: skip


def test_a_condition_carries_values_origin_and_width():
    lines = [line for part in conditions((verdict(Truth.FIRES),)) for line in printed(part, 120)]
    assert "  r on machine: fires" in lines
    assert (
        "      true: cpu.matmul_peak.fp32 > 1 TFLOP/s  [cpu.matmul_peak.fp32 = 123.4 TFLOP/s"
        " (120 – 125 TFLOP/s), measured]"
    ) in lines
    assert "    to settle: mlinfra bench" in lines


def test_what_does_not_apply_is_left_out():
    assert len(conditions((verdict(Truth.NOT_APPLICABLE),))) == 1


def test_an_unknown_says_why():
    told = value(Fact(name="a.b", status=Status.UNKNOWN, why="no driver"))
    assert told == "a.b is unknown: no driver"
    assert value(Fact(name="a.b", value=True)) == "a.b = true, probed"
    assert value(Fact(name="a.b", value="x y")) == "a.b = x y, probed"
