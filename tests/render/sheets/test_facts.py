"""A fact is shown with its unit, meaning and value."""

from advisor.fact import Fact, Status
from advisor.render import Style, render
from advisor.stated import FactLine, FactReport


def line(name, values, **more):
    keys = {"kind": "number", "unit": "bytes", "meaning": "memory", "origin": "probed"}
    return FactLine(name=name, subject="machine", settles=None, values=values, **(keys | more))


def text(*lines, verbose=False):
    report = FactReport(tool="0", profile="x", taken="", facts=lines)
    return render(report, "table", Style(width=100, verbose=verbose))


def test_values():
    known = Fact(name="memory.total", value=2.0**34, unit="bytes")
    unknown = Fact(name="cpu.model", status=Status.UNKNOWN, why="no name")
    shown = text(
        line("memory.total", {"machine": known}),
        line("cpu.model", {"machine": unknown}, kind="text", unit=""),
    )
    assert "memory.total  bytes  memory: 16 GiB, probed" in shown
    assert "cpu.model     text   memory: unknown: no name" in shown


def test_many_subjects_are_cut_short():
    values = {f"gpu:{n}": Fact(name="gpu.memory", value=2.0**30, unit="bytes") for n in range(5)}
    assert "and 2 more" in " ".join(text(line("gpu.memory", values)).split())
    assert "gpu:4" in text(line("gpu.memory", values), verbose=True)
