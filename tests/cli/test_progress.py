"""Progress is a bar on a terminal, and one plain line a figure elsewhere; never on stdout."""

import pytest

from advisor.bench import Progress
from advisor.cli.progress import shown

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
)


def run(capsys) -> str:
    with shown() as report:
        for progress in (HALF, DONE, DONE):
            report(progress)
    out, err = capsys.readouterr()
    assert out == ""
    return err


def test_plain_lines_where_there_is_no_terminal(capsys):
    assert run(capsys) == "mlinfra: cpu matmul.peak fp32 300 GFLOP/s (290 – 310 GFLOP/s)\n"


def test_a_bar_on_a_terminal_that_is_cleared(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    drawn = run(capsys)
    assert "[########........] cpu matmul.peak fp32" in drawn
    assert drawn.endswith("\r\x1b[K")


def test_the_line_is_cleared_on_an_interrupt(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with pytest.raises(KeyboardInterrupt), shown():
        raise KeyboardInterrupt
    assert capsys.readouterr().err.endswith("\r\x1b[K")
