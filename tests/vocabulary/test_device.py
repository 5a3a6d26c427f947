"""Device facts carry the device's values under the names of either table."""

import pytest

from advisor.fact import Status
from advisor.machine import Device, Gap
from advisor.vocabulary.device import DEVICE, GPU, facts
from tests.fakes import BROKEN
from tests.fakes import GPU as CARD


def test_both_tables_tell_the_same():
    assert facts(CARD, GPU, {})["gpu.name"].value == "NVIDIA L4"
    assert facts(CARD, DEVICE, {})["device.memory"].value == 23034 * 2**20


def test_a_broken_device_says_why():
    told = facts(BROKEN, DEVICE, {})
    assert (told["device.state"].value, told["device.why"].value) == ("broken", "GPU is lost")


def test_a_gap_makes_it_unknown():
    told = facts(CARD, GPU, {"gpu:0.temperature_celsius": Gap("", "not supported")})
    assert told["gpu.temperature"].status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("reasons", "heat", "power"),
    [
        ((), False, False),
        (("sw_thermal",), True, False),
        (("sw_power_cap", "sync_boost"), False, True),
    ],
)
def test_what_slows_it_down(reasons, heat, power):
    told = facts(Device(id="gpu:0", throttle_reasons=reasons), GPU, {})
    assert told["gpu.throttled_by_heat"].value is heat
    assert told["gpu.throttled_by_power"].value is power


@pytest.mark.parametrize(
    ("field", "name"),
    [("throttle_reasons", "throttled_by_heat"), ("mig_enabled", "mig"), ("wake_seconds", "wake")],
)
def test_a_gap_finds_its_fact_by_the_field(field, name):
    told = facts(Device(id="gpu:0"), GPU, {f"gpu:0.{field}": Gap("", "why")})
    assert told[f"gpu.{name}"].status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("codes", "text", "repair"),
    [
        (None, None, None),
        ((), "none", False),
        ((13, 31), "13, 31", False),
        ((31, 79), "31, 79", True),
    ],
)
def test_errors_of_the_driver(codes, text, repair):
    told = facts(Device(id="gpu:0", xids=codes), GPU, {})
    assert (told["gpu.xids"].value, told["gpu.xid_repair"].value) == (text, repair)


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ({"memory_bytes": 100, "memory_free_bytes": 60, "memory_reserved_bytes": 10}, 30),
        ({"memory_bytes": 100, "memory_free_bytes": 100}, 0),
        ({"memory_bytes": 100, "memory_free_bytes": 95, "memory_reserved_bytes": 10}, 0),
        ({"memory_bytes": 100, "memory_free_bytes": 60, "unified_memory": True}, None),
        ({"memory_bytes": 100}, None),
    ],
)
def test_memory_that_others_hold(fields, taken):
    assert facts(Device(id="gpu:0", **fields), GPU, {})["gpu.memory_taken"].value == taken


def test_what_works_in_the_hosts_memory_has_no_ecc_of_its_own():
    gaps = {f"gpu:0.{name}": Gap("", "?") for name in ("ecc_uncorrected", "temperature_celsius")}
    told = facts(Device(id="gpu:0", unified_memory=True), GPU, gaps)
    assert told["gpu.ecc_uncorrected"].status is Status.MISSING
    assert told["gpu.temperature"].status is Status.UNKNOWN
    assert facts(CARD, GPU, gaps)["gpu.ecc_uncorrected"].status is Status.UNKNOWN
