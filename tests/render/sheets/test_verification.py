"""Predicted stands beside measured, and what did not run has its reason."""

import msgspec
import pytest

from advisor.estimate import Interval
from advisor.machine import Gap
from advisor.render import Style
from advisor.render.table import render
from advisor.verified import Regret, Tried, VerifyLine, VerifyReport

LINE = VerifyLine(
    phase="inference",
    place="cpu",
    dtype="fp32",
    batch=8,
    seconds=Interval(0.3, 0.4, 0.5, "s"),
    measured_seconds=0.42,
    ratio=0.952,
    held=True,
    memory_bytes=Interval(2**29, 2**30, 2**31, "bytes"),
    measured_memory_bytes=2.0**30,
    memory_ratio=1.0,
    passes=12,
    replayed=True,
)
EAGER = Tried(
    phase="inference", place="cpu", dtype="fp32", batch=8, threads=2, compiled=False,
    throughput=19.0, predicted=20.0,
)  # fmt: skip
COMPILED = Tried(
    phase="inference", place="cpu", dtype="fp32", batch=8, threads=2, compiled=True,
    throughput=24.0,
)  # fmt: skip
REGRET = Regret(
    phase="inference", recommended=EAGER, best=COMPILED, pairs=5,
    regret=Interval(0.2, 0.25, 0.3, "%"),
)  # fmt: skip
REPORT = VerifyReport(
    tool="0.1.0",
    profile="abc",
    taken="2026-01-01T00:00:00Z",
    workload="cnn",
    title="A network",
    lines=(LINE,),
    gaps=(Gap("verify.training on cpu", "out of memory", "take a smaller batch"),),
    tried=(EAGER, COMPILED),
    regrets=(REGRET,),
)


@pytest.mark.parametrize(
    "said",
    [
        "cnn: inference on cpu, fp32, batch 8",
        "predicted 400 ms (300 – 500 ms), with its operators timed here",
        "measured 420 ms (median of 12 passes): ratio 0.952, inside the 80 % range",
        "predicted 1 GiB (512 MiB – 2 GiB)",
        "measured 1 GiB: ratio 1",
        "inference fp32, batch 8, 2 threads, compiled 24/s",
        "inference fp32, batch 8, 2 threads, eager 19/s (predicted 20)",
        "Regret: 25 % (20 % – 30 % in 5 alternating pairs): inference fp32, batch 8, 2 threads",
        "eager was recommended, inference fp32, batch 8, 2 threads, compiled is the fastest tried.",
        "verify.training on cpu: out of memory; take a smaller batch",
    ],
)
def test_says(said):
    assert said in " ".join(render(REPORT, Style()).split())


def test_a_corrected_prediction_says_so():
    line = msgspec.structs.replace(LINE, calibration=1.07)
    report = msgspec.structs.replace(REPORT, lines=(line,))
    assert "times 1.07 by earlier runs" in " ".join(render(report, Style()).split())


def test_phases_are_ranked_apart_and_twelve_of_each_are_shown():
    fast = [msgspec.structs.replace(EAGER, batch=n, throughput=100.0 + n) for n in range(1, 15)]
    slow = [msgspec.structs.replace(one, phase="training", throughput=1.0) for one in fast[:2]]
    said = render(msgspec.structs.replace(REPORT, tried=(*slow, *fast)), Style())
    training, inference = said.split("Settings of inference tried, fastest first")
    assert training.partition("Settings of training tried, fastest first")[2].count("1/s") == 2
    assert [line.split("/s")[0].split()[-1] for line in inference.splitlines() if "/s" in line] == [
        str(rate) for rate in range(114, 102, -1)
    ]
