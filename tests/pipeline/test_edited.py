"""An edited machine has the new devices, and knows what stands for them in the catalogue."""

import pytest

from advisor import book
from advisor.constants import ConstantSet
from advisor.machine import State
from advisor.part import index, resolve
from advisor.pipeline.edited import Addition, foreign, place_of, with_devices
from tests.fakes import PROFILE


@pytest.fixture(scope="module")
def catalogue():
    return index(book.parts(()))


@pytest.fixture(scope="module")
def card(catalogue):
    return resolve(catalogue, "NVIDIA L4").part


def test_new_devices_come_after_those_that_are_there(card):
    edited, place = with_devices(PROFILE, Addition(card, 2))
    before = [d.id for d in PROFILE.machine.devices]
    new = [d for d in edited.machine.devices if d.id not in before]
    assert [(d.name, d.state) for d in new] == [("NVIDIA L4", State.PRESENT)] * 2
    assert place == place_of([d.id for d in new])
    assert new[0].memory_bytes == new[0].memory_free_bytes == 24 * 2**30
    assert new[0].compute_capability == "8.9"
    assert edited.measurements == PROFILE.measurements


@pytest.mark.parametrize(
    ("name", "capability"),
    [
        ("NVIDIA GeForce RTX 5090", "12.0"),
        ("NVIDIA B200", "10.0"),
        ("NVIDIA H100 80GB HBM3", "9.0"),
        ("AMD Instinct MI300X", None),
    ],
)
def test_cuda_generations(catalogue, name, capability):
    edited, _ = with_devices(PROFILE, Addition(resolve(catalogue, name).part))
    assert edited.machine.devices[-1].compute_capability == capability


def test_twins_make_one_place(card):
    assert place_of(["gpu:0"]) == "gpu:0"
    edited, place = with_devices(PROFILE, Addition(card, 1, ("gpu:0",)))
    assert place == f"gpu:0+{edited.machine.devices[-1].id.partition(':')[2]}"


def test_what_predicts_the_place(card):
    figures = book.constants("elsewhere", (), ConstantSet).figures
    made = foreign(PROFILE, "gpu:1+2", Addition(card, 2), figures)
    assert (made.place, made.count, made.device.name) == ("gpu:1+2", 2, "NVIDIA L4")
    assert made.supply.workers == PROFILE.machine.cpu.threads_allowed
    assert made.own == ()
