"""Stored numbers return to their devices; saved profiles are read, or refused in one line."""

import msgspec

from advisor.machine import Device
from advisor.pipeline.look import attached
from tests.fakes import GPU, MEASURED, machine, measured


def test_numbers_follow_the_uuid_not_the_index():
    swapped = (Device(id="gpu:0", uuid="GPU-new"), msgspec.structs.replace(GPU, id="gpu:1"))
    found, gaps = attached(MEASURED, machine(devices=swapped))
    assert {m.device for m in found} == {"cpu", "gpu:1"}
    assert gaps == ()


def test_the_link_to_a_device_moves_with_it():
    copy = measured("host_link.h2d", "link:gpu:0", 2e10, "bytes/s", hardware="GPU-1")
    moved = (msgspec.structs.replace(GPU, id="gpu:1"),)
    assert [m.device for m in attached((copy,), machine(devices=moved))[0]] == ["link:gpu:1"]


def test_numbers_of_a_device_that_left_are_a_gap():
    found, gaps = attached(MEASURED, machine(devices=()))
    assert {m.device for m in found} == {"cpu"}
    assert [gap.what for gap in gaps] == ["measurements.gpu:0"]
