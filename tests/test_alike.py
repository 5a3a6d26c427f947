"""GPUs that differ in what a prediction or a rule rests on do not stand for one another."""

import msgspec
import pytest

from advisor.alike import alike, pieces, room
from advisor.machine import Device, State
from advisor.measurement import Quality
from tests.fakes import machine, measured, profile


def card(number, **fields):
    told = {"name": "NVIDIA H100", "memory_bytes": 80, "state": State.PRESENT} | fields
    return Device(id=f"gpu:{number}", **told)


def peak(number, value, **more):
    return measured("matmul.peak", f"gpu:{number}", value, "FLOP/s", dtype="bf16", **more)


def ids(groups):
    return [" ".join(gpu.id.removeprefix("gpu:") for gpu in group) for group in groups]


def told(*cards, timed=()):
    return profile(machine=machine(devices=cards), measurements=timed)


@pytest.mark.parametrize(
    ("cards", "groups"),
    [
        ([card(0), card(1), card(2)], ["0 1 2"]),
        ([card(0, memory_free_bytes=10), card(1, memory_free_bytes=70)], ["1 0"]),
        # What a desktop takes of one of them is no reason to prefer the other.
        ([card(0, memory_free_bytes=77), card(1, memory_free_bytes=79)], ["0 1"]),
        ([card(0), card(1, name="NVIDIA L4")], ["0", "1"]),
        ([card(0, power_limit_watts=300.0), card(1, power_limit_watts=700.0)], ["0", "1"]),
        ([card(0, pcie_width=16), card(1, pcie_width=8)], ["0", "1"]),
        ([card(0), card(1, state=State.BROKEN)], ["0", "1"]),
        ([card(0), card(1, rows_failed=True), card(2)], ["0 2", "1"]),
        ([card(0), card(1, xids=(79,))], ["0", "1"]),
        ([card(0, ecc_uncorrected=0), card(1, ecc_uncorrected=3)], ["0", "1"]),
        ([card(0), card(1, compute_mode="prohibited")], ["0", "1"]),
        ([], []),
    ],
)
def test_one_gpu_stands_for_all_that_are_like_it(cards, groups):
    assert ids(alike(cards, told(*cards))) == groups


def test_one_that_was_timed_speaks_for_others():
    cards = card(0), card(1)
    assert ids(alike(cards, told(*cards, timed=[peak(1, 5e14)]))) == ["1 0"]


def test_one_that_is_surely_slower_stands_for_itself():
    cards = card(0), card(1), card(2)
    timed = [peak(0, 5e14), peak(1, 4e14), peak(2, 4.9e14)]
    assert ids(alike(cards, told(*cards, timed=timed))) == ["0 2", "1"]
    doubtful = msgspec.structs.replace(timed[1], quality=Quality.INVALID)
    assert ids(alike(cards, told(*cards, timed=[timed[0], doubtful]))) == ["0 1 2"]


def test_several_at_once_are_pairs_halves_and_all():
    found = [ids(same) for same in pieces(told(*map(card, range(6))))]
    assert found == [["0 1", "2 3", "4 5"], ["0 1 2", "3 4 5"], ["0 1 2 3 4 5"]]
    assert [ids(same) for same in pieces(told(card(0), card(1)))] == [["0 1"]]
    assert list(pieces(told(card(0), card(1, name="NVIDIA L4")))) == []


def test_the_pair_that_stands_for_others_is_free():
    cards = card(0, memory_free_bytes=20), *(card(n, memory_free_bytes=79) for n in (1, 2, 3))
    assert [ids(same) for same in pieces(told(*cards))] == [["1 2", "0 3"], ["0 1 2 3"]]


def test_pairs_are_of_gpus_that_are_alike_where_there_are_two():
    cards = card(0, rows_failed=True), card(1), card(2)
    assert [ids(same) for same in pieces(told(*cards))] == [["1 2"], ["0 1 2"]]
    assert [ids(same) for same in pieces(told(*cards[:2]))] == [["0 1"]]


@pytest.mark.parametrize(
    ("free", "expected"), [((5, 3), 3), ((None, 70), 70), ((), 0)], ids=["least", "untold", "none"]
)
def test_several_have_the_room_of_the_fullest(free, expected):
    piece = tuple(
        Device(id=f"gpu:{n}", state=State.PRESENT, memory_bytes=80, memory_free_bytes=one)
        for n, one in enumerate(free)
    )
    assert room(piece) == expected
