"""The sheet of an assignment says who runs where, and why; -v shows each whole answer."""

import msgspec

from advisor.assigned import AssignedLine, Assignment
from advisor.estimate import Interval
from advisor.render import Style
from advisor.render.table import render
from tests.fakes import GIB
from tests.render.sheets.test_recommendation import REPORT as ANSWER
from tests.render.sheets.test_recommendation import plan

LINE = AssignedLine(
    workload="cnn", plan=plan("gpu:0", "fp16"), beside=("vit",), share=0.5, slower=1.0,
    because="takes turns with vit, which makes it 2 times slower; no other place is free",
)  # fmt: skip
REPORT = Assignment(
    tool="0.1.0", profile="abc", taken="2026-01-01T00:00:00Z", assigned={"training": (LINE,)},
    unplaced={"training": ("llm-70b",)}, answers=(ANSWER,),
)  # fmt: skip


def test_says():
    text = render(REPORT, Style())
    for said in (
        "Who trains where", "cnn gpu:0 in fp16, batch 32: 10 samples/s (9 – 12 samples/s); needs 4",
        "GiB (3 – 5 GiB)", "takes turns with vit, which makes it 2 times slower; no other place",
        "llm-70b: no plan can run here",
    ):  # fmt: skip
        assert said in " ".join(text.split())
    assert "Run on" not in text
    assert "Run on" in render(REPORT, Style(verbose=True))


def test_who_may_not_fit_together_is_warned():
    other = msgspec.structs.replace(LINE, workload="vit", beside=("cnn",))
    both = msgspec.structs.replace(REPORT, assigned={"training": (LINE, other)})
    assert "may together" not in render(both, Style())
    large = msgspec.structs.replace(
        other.plan, memory_range=Interval(10 * GIB, 11 * GIB, 12 * GIB, "bytes")
    )
    crowded = msgspec.structs.replace(
        REPORT, assigned={"training": (LINE, msgspec.structs.replace(other, plan=large))}
    )
    text = " ".join(render(crowded, Style()).split())
    assert "On gpu:0 they may together need up to 106% of its memory" in text


def test_trees_are_told_by_their_time():
    fit = msgspec.structs.replace(
        plan(), throughput=Interval(0.1, 0.2, 0.3, "jobs/s"), seconds_range=Interval(3, 5, 9, "s")
    )
    line = msgspec.structs.replace(LINE, workload="trees", plan=fit, beside=(), share=1.0)
    text = render(msgspec.structs.replace(REPORT, assigned={"training": (line,)}), Style())
    assert "cpu: 5 s (3 – 9 s) for the whole job; needs" in " ".join(text.split())
