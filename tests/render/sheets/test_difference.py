"""Changes stand under their sort; what changes by itself is shown when all is asked for."""

import msgspec
import pytest

from advisor.compared import DifferenceReport
from advisor.difference import Change, Side
from advisor.render import Style, render

CORES = Change(what="cpu.cores", side=Side.HARDWARE, before=8, after=16)
MEMORY = Change(what="memory.total_bytes", side=Side.HARDWARE, before=2**30, after=None)
FREE = Change(what="memory.available_bytes", side=Side.STATE, before=1, after=2)
SLOWER = Change(
    what="gpu: matmul", side=Side.SPEED, before=1e12, after=5e11, unit="FLOP/s", ratio=0.5
)
EQUAL = Change(
    what="cpu: memory.triad", side=Side.SPEED, before=1.0, after=1.01, unit="bytes/s", ratio=1.01,
    decided=False,
)  # fmt: skip


def sheet(*changes, verbose=False):
    report = DifferenceReport(tool="1", before="a", after="b", changes=changes)
    return render(report, "table", Style(verbose=verbose, width=120))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (CORES, ["Hardware", "cpu.cores", "8 -> 16"]),
        (MEMORY, ["1 GiB -> not known"]),
        (SLOWER, ["Speed", "1 TFLOP/s -> 500 GFLOP/s", "0.5×"]),
        (EQUAL, ["within the spread of two runs"]),
    ],
)
def test_lines(change, words):
    text = sheet(change)
    assert all(word in text for word in words)


def test_what_changes_by_itself():
    assert "Nothing changed" in sheet(FREE)
    assert "available" in sheet(FREE, verbose=True)


POINT = msgspec.structs.replace(EQUAL, what="cpu: op fp32 m=4 n=4 k=4")
ONCE = msgspec.structs.replace(POINT, what="cpu: op bf16 m=4", before=None, ratio=None)


def test_points_that_differ_no_more_than_runs_do_are_counted():
    brief = sheet(EQUAL, POINT, ONCE)
    assert "memory.triad" in brief
    assert "2 other figures" in brief
    assert "m=4" not in brief
    whole = sheet(EQUAL, POINT, ONCE, verbose=True)
    assert "other figures" not in whole
    assert whole.count("m=4") == 2


NEWER = Change(what="software.torch", side=Side.SOFTWARE, before="2.12", after="2.13")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([CORES, NEWER], "The hardware changed, and the software too."),
        ([CORES, SLOWER], "The hardware changed; the software is the same."),
        ([NEWER, SLOWER], "The software changed; the hardware is the same."),
        ([SLOWER], "Neither hardware nor software changed."),
    ],
)
def test_what_changed_first(changes, said):
    assert sheet(*changes).splitlines()[0].strip() == said
