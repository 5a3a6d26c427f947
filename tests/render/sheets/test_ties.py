"""What does as well as the chosen plan is named with how far apart it likely is."""

import pytest
from msgspec.structs import replace

from advisor.estimate import Interval
from advisor.render.sheets.ties import ties
from advisor.report import TieLine
from tests.render.sheets.test_answer import ANSWER

SETTLES = "mlinfra verify -w cnn --batch 8"


def tie(by, batch, precision="fp32", settings=(), likely=1.02):
    faster = Interval(likely - 0.1, likely, likely + 0.1, "1")
    return TieLine(
        id="x", by=by, precision=precision, batch=batch, settings=settings, faster=faster
    )


def compiled(**more):
    return tie("settings", 4, settings=("compiled",), **more)


@pytest.mark.parametrize(
    ("some", "said"),
    [
        ([tie("batch", 32), tie("batch", 8)], "batch 8 or 32, likely within 2 %"),
        ([tie("batch", n) for n in (4, 1, 2)], "batch 1, 2 or 4, likely within 2 %"),
        ([tie("batch", n) for n in (64, 4, 16, 2)], "batch 2 to 64, likely within 2 %"),
        ([tie("settings", 8)], "eager, likely within 2 %"),
        ([compiled(), tie("precision", 16, "fp16", likely=0.96)],
         "fp16, compiled, likely within 4 %"),
        ([tie("batch", 8, likely=1.0)], "batch 8, likely as fast"),
        # What likely gains more is told apart, and what is likely slower not at all.
        ([tie("batch", 8), compiled(likely=0.91)],
         "batch 8, likely within 2 %; compiled, likely up to 10 % faster"),
        ([tie("batch", 8), tie("batch", 1, likely=1.09)], "batch 8, likely within 2 %"),
    ],
)  # fmt: skip
def test_what_does_as_well_is_told_with_what_would_decide(some, said):
    answer = replace(ANSWER, ties=tuple(some), ties_settle=SETTLES)
    assert ties(answer) == [("As good", f"{said}: {SETTLES} decides")]
    named = replace(answer, tied=True, settles=answer.ties_settle)
    assert ties(named) == [("As good", said)]


def test_where_all_else_is_likely_slower_nothing_is_told():
    assert ties(ANSWER) == []
    assert ties(replace(ANSWER, ties=(tie("batch", 1, likely=1.09),), ties_settle=SETTLES)) == []
