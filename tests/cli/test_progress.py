"""Progress is a bar on a terminal, and one plain line a figure elsewhere; never on stdout."""

import msgspec
import pytest

from advisor.bench import Progress
from advisor.cli.progress import WIDTH, Line, shown

HALF = Progress(name="matmul.peak", device="cpu", dtype="fp32", fraction=0.5)
DONE = Progress(
    name="matmul.peak",
    device="cpu",
    dtype="fp32",
    fraction=1.0,
    value=3e11,
    low=2.9e11,
    high=3.1e11,
    unit="FLOP/s",
    quality="valid",
)
POINT = Progress(name="op", device="cpu", dtype="fp32", fraction=1.0, quality="valid")
BAD = msgspec.structs.replace(POINT, quality="invalid")
# An interval whose end would be cut in its unit, and a name that alone fills the line.
LONG = msgspec.structs.replace(
    DONE, name="memory.triad", device="gpu:0/mig:1", value=9.99e11, low=9.99e6, high=1.99e12,
    unit="bytes/s", quality="suspect",
)  # fmt: skip
ALL = msgspec.structs.replace(
    LONG, name="peer.allreduce", device="peer:" + "+".join(f"gpu:{i}" for i in range(16))
)
WORDS = "cpu matmul.peak fp32 300 GFLOP/s (290 – 310 GFLOP/s)"


def run(capsys) -> str:
    with shown() as report:
        for progress in (HALF, POINT, POINT, DONE):
            report(progress)
    out, err = capsys.readouterr()
    assert out == ""
    return err


def test_plain_lines_where_there_is_no_terminal(capsys):
    assert run(capsys) == f"mlinfra: {WORDS}\n"


def test_a_doubtful_figure_says_so_in_a_plain_line(capsys):
    with shown() as report:
        report(msgspec.structs.replace(DONE, quality="suspect"))
    assert capsys.readouterr().err == f"mlinfra: {WORDS}, suspect\n"


@pytest.mark.parametrize(
    ("heard", "text"),
    [
        ([HALF], "[#####.....]         cpu matmul.peak fp32"),
        ([HALF, DONE], f"[##########] valid   {WORDS}"),
        ([POINT, POINT], "[##########] valid   cpu op fp32  2 points stand"),
        (
            [POINT, BAD, BAD],
            "[##########] invalid cpu op fp32  3 points stand, 2 of them not valid",
        ),
        ([LONG], "[##########] suspect gpu:0/mig:1 memory.triad fp32 999 GB/s ±99%"),
        (
            [ALL],
            "[##########] suspect peer:gpu:0+gpu:1+gpu:2+gpu:3+gpu:4+gpu:5+gp… 999 GB/s ±99%",
        ),
    ],
)
def test_a_line_of_the_display(heard, text):
    line = Line()
    for progress in heard:
        line.hear(progress)
    assert str(line) == text
    assert len(str(line)) <= WIDTH


def test_each_benchmark_has_its_line_on_a_terminal(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    drawn = run(capsys)
    assert f"[##########] valid   {WORDS}" in drawn
    assert "[##########] valid   cpu op fp32  2 points stand" in drawn


def test_a_dumb_terminal_gets_plain_lines(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    said = run(capsys)
    assert f"mlinfra: {WORDS}" in said
    assert "\x1b" not in said
    assert "[#" not in said


def test_what_was_drawn_is_cleared_on_an_interrupt(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")

    def interrupted():
        with shown() as report:
            report(HALF)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert capsys.readouterr().err.endswith("\x1b[2K")
