"""The sheet of an assignment says who runs where, and why; -v shows each whole answer."""

from advisor.assigned import AssignedLine, Assignment
from advisor.render import Style
from advisor.render.table import render
from tests.render.sheets.test_recommendation import REPORT as ANSWER
from tests.render.sheets.test_recommendation import plan

LINE = AssignedLine(
    workload="cnn", plan=plan("gpu:0", "fp16"), beside=("vit",), share=0.5, slower=1.0,
    because="takes turns with vit: apart it would lose 40×",
)  # fmt: skip
REPORT = Assignment(
    tool="0.1.0", profile="abc", taken="2026-01-01T00:00:00Z", assigned={"training": (LINE,)},
    unplaced={"training": ("llm-70b",)}, answers=(ANSWER,),
)  # fmt: skip


def test_says():
    text = render(REPORT, Style())
    for said in (
        "Who trains where", "gpu:0 in fp16, batch 32", "50% of the time",
        "cnn: takes turns with vit: apart it would lose 40×", "llm-70b: no plan can run here",
    ):  # fmt: skip
        assert said in " ".join(text.split())
    assert "Run on" not in text
    assert "Run on" in render(REPORT, Style(verbose=True))
