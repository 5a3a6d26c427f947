"""The catalogue is listed by words and looked up by name."""

import os
import re
from pathlib import Path

import pytest

from advisor import book
from advisor.errors import AdvisorError
from advisor.part import source_of
from advisor.pipeline.parts import chosen, named
from tests.tools.compare_parts import compare

ROOT = Path(__file__).parents[2]


def test_words_and_kind():
    found = [part.name for part in chosen(("4090",), "gpu", ()).parts]
    assert found == [
        "NVIDIA GeForce RTX 4090",
        "NVIDIA GeForce RTX 4090 D",
        "NVIDIA GeForce RTX 4090 Laptop GPU",
    ]


def test_what_is_not_there():
    with pytest.raises(AdvisorError, match="none is"):
        chosen(("no such thing",), "", ())


def test_looked_up_with_a_note():
    found = named(("nvidia geforce rtx 3080", "NVIDIA A10"), ())
    assert [part.name for part in found.parts] == ["NVIDIA GeForce RTX 3080 10GB", "NVIDIA A10"]
    assert found.compared
    assert "launched first" in found.notes[0]


@pytest.fixture(scope="module")
def shipped():
    return book.parts(())


def test_a_table_of_devices_agrees():
    table = Path(os.environ.get("MLINFRA_DATA") or ROOT.parent / "shared/data") / "devices.csv"
    if not table.is_file():
        pytest.skip("no table of devices: set MLINFRA_DATA")
    differing, lacking = compare(table)
    # Rows of two memory sizes at once; the table has the smaller one's launch and price. Of GH200
    # the table has the watts of its GPU alone, here is the limit that its driver prints.
    assert {line.split(":")[0] for line in differing} <= {
        "Tesla V100 PCIe 16/32GB",
        "Tesla V100 SXM2 16/32GB",
        "GeForce RTX 4060 Ti 8/16GB",
        "GH200 96GB",
    }
    assert lacking == []


def ratio(part, one, other):
    return part.peaks[one] / part.peaks[other] if {one, other} <= set(part.peaks) else None


# What binds the peaks of one architecture together, whatever the clock: figure, figure, ratio.
_BOUND = {
    ("turing", "consumer"): [("fp16_acc16", "fp16", 2), ("int8", "fp16_acc16", 2)],
    ("ampere", "consumer"): [("fp32", "tf32", 1), ("fp16", "tf32", 2), ("bf16", "fp16", 1)],
    ("ampere", "laptop"): [("fp16", "tf32", 2), ("bf16", "fp16", 1), ("int8", "fp16_acc16", 2)],
    ("ampere", "workstation"): [("fp16", "tf32", 2), ("fp16", "fp32", 4), ("bf16", "fp16", 1)],
    ("ga100", "datacenter"): [("fp16", "tf32", 2), ("int8", "fp16", 2), ("fp16", "fp32", 16)],
    ("ada", "consumer"): [("fp32", "tf32", 1), ("fp16_acc16", "fp16", 2), ("fp8", "fp16", 2)],
    ("ada", "workstation"): [("fp16", "tf32", 2), ("fp8", "fp16", 2), ("int8", "fp8", 1)],
    ("hopper", "datacenter"): [("fp16", "tf32", 2), ("fp8", "fp16", 2), ("int8", "fp8", 1)],
    ("blackwell", "consumer"): [("fp32", "tf32", 1), ("fp16_acc16", "fp16", 2)],
    ("blackwell", "workstation"): [("fp16", "tf32", 2), ("fp8", "fp16", 2)],
    ("rdna3", "consumer"): [("fp16", "fp32", 2), ("bf16", "fp16", 1)],
    ("rdna4", "consumer"): [("fp16", "fp32", 4), ("fp8", "fp16", 2)],
}


def test_peaks_of_an_architecture_stand_in_its_ratios(shipped):
    checked, wrong = 0, []
    for part in shipped:
        if "TITAN" in part.name:
            continue  # a consumer's card whose fp16 is not halved
        for one, other, bound in _BOUND.get((part.architecture, part.grade), []):
            found = ratio(part, one, other)
            checked += found is not None
            if found and abs(found / bound - 1) > 0.02:
                wrong.append(f"{part.name}: {one} / {other} = {found:.3g}, not {bound}")
    assert wrong == []
    assert checked > 250


# FLOP per clock and unit in fp32, by architecture paper.
_PER_CLOCK = {
    "maxwell": 256, "pascal": 256, "gp100": 128, "volta": 128, "turing": 128, "tu11x": 128,
    "ampere": 256, "ga100": 128, "ada": 256, "rdna1": 128, "rdna2": 128, "rdna3": 256,
    "rdna4": 256, "gcn": 128, "xe-hpg": 256,
}  # fmt: skip


def test_fp32_is_units_times_clock(shipped):
    wrong = []
    for part in shipped:
        each = _PER_CLOCK.get(part.architecture or "")
        if each and part.units and part.boost and "fp32" in part.peaks:
            made = part.units * part.boost * each
            if abs(part.peaks["fp32"] / made - 1) > 0.03:
                wrong.append(f"{part.name}: {part.peaks['fp32']:.4g}, not {made:.4g}")
    # Published at another clock than the one of its tensor cores; a mining card is held back.
    assert [w for w in wrong if not re.search("H100|H200|CMP 170HX", w)] == []


def test_memory_of_a_processor_is_channels_times_rate(shipped):
    for part in shipped:
        if part.channels and part.bandwidth:
            made = part.channels * part.transfers * 8
            assert made == pytest.approx(part.bandwidth, rel=0.012), part.name


def test_figures_are_plausible(shipped):
    for part in shipped:
        assert part.launch is None or re.fullmatch(r"20[012]\d-(0[1-9]|1[0-2])", part.launch)
        assert part.boost is None or part.base is None or part.base <= part.boost, part.name
        assert part.cores is None or part.threads is None or part.cores <= part.threads, part.name
        assert part.power is None or 1 <= part.power <= 15_000, part.name
        assert all(0.2 < share <= 1 for share in part.attained.values()), part.name
        if part.kind == "gpu" and part.memory and part.bandwidth:
            assert 2**30 <= part.memory <= 512 * 2**30, part.name
            assert 10e9 < part.bandwidth < 9e12, part.name


def test_a_laptop_part_draws_and_computes_less_than_the_desktop_part(shipped):
    desktop = {part.name: part for part in shipped if part.grade == "consumer"}
    checked = 0
    for part in shipped:
        same = re.sub(r" Laptop GPU.*| with Max-Q Design| Mobile", "", part.name)
        other = desktop.get(same) if part.grade == "laptop" and same != part.name else None
        # The 6 GB desktop card is the one that is a lesser chip than its laptop namesake.
        if other and part.power and "3050 6GB" not in part.name:
            checked += 1
            assert part.power <= other.power, part.name
            assert part.peaks["fp32"] <= 1.06 * other.peaks["fp32"], part.name
    assert checked >= 25


def test_a_card_says_what_it_needs(shipped):
    cards = [p for p in shipped if p.kind == "gpu" and p.form == "pcie"]
    assert len(cards) >= 150
    # The watts of these are in no table.
    unknown = {"NVIDIA L2", "NVIDIA P104-100"}
    assert {p.name for p in cards if not (p.lanes and p.power)} == unknown
    assert sum(1 for p in cards if p.slots and p.length_mm and p.connectors) >= 120
    assert [p.name for p in shipped if p.grade == "laptop" and p.form != "soldered"] == []


def test_attained_shares_have_sources(shipped):
    shares = {p.name: p.attained["bf16"] for p in shipped if "bf16" in p.attained}
    assert shares["AMD Instinct MI300X"] == pytest.approx(0.51, abs=0.01)
    assert shares["NVIDIA A100-SXM4-80GB"] == pytest.approx(0.87, abs=0.01)
    assert shares["NVIDIA H100 80GB HBM3"] == pytest.approx(0.80, abs=0.01)
    assert shares["NVIDIA B200"] == pytest.approx(0.78, abs=0.01)
    assert all(source_of(p, "attained").source.startswith("http") for p in shipped if p.attained)


TIERS = ("server", "cloud", "phone", "browser", "iot", "asic")


def test_each_tier_has_two_dated_representatives(shipped):
    def of(*kinds):
        return [p for p in shipped if p.kind in kinds and p.launch and p.date]

    assert [kind for kind in TIERS if len(of(kind)) < 2] == []
    assert len(of("edge", "vehicle")) >= 2
