"""Parts stand side by side, and say where their figures come from."""

from advisor.part import Part, PartList, Source
from advisor.render import Style, render

ONE = Part(
    name="Card A",
    kind="gpu",
    memory=24 * 2.0**30,
    bandwidth=3e11,
    peaks={"fp16": 1.21e14, "int8": 2.42e14},
    attained={"bf16": 0.8},
    note="small",
    source="page",
    date="2026-01-01",
    sources={"peaks": Source("paper", "2022-01-01", "units x clock")},
)
TWO = Part(name="Card B", kind="gpu", bandwidth=6e11, price=999.0, source="page", date="2026-01-01")


def text(compared, **style):
    report = PartList(tool="0", parts=(ONE, TWO), notes=("chosen",), compared=compared)
    return render(report, "table", Style(width=100, **style))


def test_a_list_has_a_line_each():
    first, second = text(False).splitlines()
    assert first.split() == [
        "Card",
        "A",
        "gpu",
        "24",
        "GiB",
        "300",
        "GB/s",
        "121",
        "TFLOP/s",
        "fp16",
    ]
    assert "600 GB/s" in second


def test_side_by_side():
    lines = {line.split()[0]: line for line in text(True).splitlines()}
    assert "300 GB/s" in lines["bandwidth"]
    assert "600 GB/s" in lines["bandwidth"]
    assert "242 TOP/s" in lines["peaks.int8"]
    assert "80 %" in lines["attained.bf16"]
    assert "999 USD" in lines["price"]
    assert "units" not in lines
    assert "chosen" in text(True)
    assert "Card A: small" in text(True)
    assert "paper" not in text(True)


def test_sources_on_request():
    shown = text(True, verbose=True)
    assert "paper: units x clock" in shown
    assert shown.count("page") == 2


def test_as_json():
    report = PartList(tool="0", parts=(ONE,))
    assert '"schema": "mlinfra/parts/1"' in render(report, "json", Style())
