"""Device facts carry the device's values under the names of either table."""

from advisor.fact import Status
from advisor.machine import Gap
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
