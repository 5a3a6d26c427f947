"""Variables that hide devices are read as their runtimes read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.probe.visible import Card, Shown, Slice, cuda, level_zero, rocm

ALIKE = tuple(Card(f"gpu:{n}", f"GPU-{n}{n}aa-{n}", "NVIDIA L4") for n in range(4))
UNLIKE = (Card("gpu:0", "GPU-a", "GTX 1080"), Card("gpu:1", "GPU-b", "RTX 4090"))
CUT = (
    Card("gpu:0", "GPU-8932", "A100", mig=True, slices=(
        Slice("gpu:0/mig:0", "MIG-aaaa", "1/0"), Slice("gpu:0/mig:1", "MIG-bbbb", "2/0"))),
    Card("gpu:1", "GPU-9999", "A100"),
)  # fmt: skip
UNCUT = (Card("gpu:0", "GPU-8932", "A100", mig=True), Card("gpu:1", "GPU-9999", "A100"))


@pytest.mark.parametrize(
    ("value", "cards", "shown"),
    [
        (None, ALIKE, "0 1 2 3"),
        ("", ALIKE, ""),
        ("2,1", ALIKE, "2 1"),
        ("0,2,-1,1", ALIKE, "0 2"),  # the guide's own example
        (" 3 , 0", ALIKE, "3 0"),
        ("0,7,1", ALIKE, "0"),
        ("NoDevFiles", ALIKE, ""),  # what Slurm writes
        ("-1", ALIKE, ""),
        ("1gpu2,2ampere", ALIKE, "1 2"),
        ("0,0", ALIKE, ""),
        ("0,,1", ALIKE, "0"),
        ("99999999999999999999", ALIKE, ""),
        ("GPU-11aa-1", ALIKE, "1"),
        ("GPU-2,GPU-0", ALIKE, "2 0"),
        ("GPU-", ALIKE, ""),  # names four, and so none
        ("GPU-1,GPU-x,GPU-2", ALIKE, "1"),
        ("GPU-1,2", ALIKE, "1"),
        ("2,GPU-1", ALIKE, "2"),
        ("0,1", UNLIKE, "0 1"),
        ("GPU-b", UNLIKE, "1"),
        ("MIG-bbbb", CUT, "0/mig:1"),
        ("MIG-GPU-8932/2/0", CUT, "0/mig:1"),
        ("MIG-bbbb,MIG-aaaa", CUT, "0/mig:1"),
        ("MIG-cccc", CUT, ""),
        ("MIG-bb", CUT, ""),
        ("0", CUT, "0/mig:0"),
        ("GPU-8932", CUT, "0/mig:0"),
        ("1,0", CUT, "0/mig:0"),
        ("1", CUT, "1"),
        ("0", UNCUT, ""),
        ("0", (), ""),
    ],
)
def test_cuda(value, cards, shown):
    assert cuda(value, None, cards) == Shown(tuple(f"gpu:{n}" for n in shown.split()))


@pytest.mark.parametrize(
    ("order", "known"), [(None, False), ("FASTEST_FIRST", False), ("PCI_BUS_ID", True)]
)
def test_unlike_devices_are_counted_by_speed(order, known):
    shown = cuda("0", order, UNLIKE)
    assert (shown.ids == ("gpu:0",), shown.unsure is None) == (known, known)


@pytest.mark.parametrize(
    ("rocr", "hip", "shown"),
    [
        (None, None, "0 1 2 3"), ("1,2", None, "1 2"), (None, "3", "3"), ("2,3", "1", "3"),
        ("GPU-11aa-1", None, "1"), ("", None, ""), ("0", "1", ""),
    ],
)  # fmt: skip
def test_rocm(rocr, hip, shown):
    assert rocm(rocr, hip, ALIKE).ids == tuple(f"gpu:{n}" for n in shown.split())


@pytest.mark.parametrize(
    ("mask", "cards", "order", "shown"),
    [
        (None, UNLIKE, None, "0 1"), ("1", ALIKE, None, "1"), ("0.1,3", ALIKE, None, "0 3"),
        ("9", ALIKE, None, ""), ("", ALIKE, None, ""), ("1", UNLIKE, "1", "1"),
    ],
)  # fmt: skip
def test_level_zero(mask, cards, order, shown):
    assert level_zero(mask, None, order, cards) == Shown(tuple(f"gpu:{n}" for n in shown.split()))


def test_level_zero_counts_its_own_way():
    tiles = tuple(Card(f"gpu:{n}", name="Data Center GPU Max 1550") for n in range(2))
    assert level_zero("0", None, None, UNLIKE).unsure
    assert level_zero("0", None, None, tiles).unsure
    assert level_zero("0", "COMPOSITE", None, tiles).ids == ("gpu:0",)


@given(st.text(alphabet="0123-,GPUMIab /+", max_size=30))
def test_whatever_stands_there_only_known_devices_are_shown(value):
    known = {part.id for card in CUT for part in (card, *card.slices)}
    shown = cuda(value, "PCI_BUS_ID", CUT).ids
    assert set(shown) <= known
    assert len(set(shown)) == len(shown)
