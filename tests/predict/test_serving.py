"""Latency crosses the link only where data and place are apart; streams are what a rate feeds."""

import msgspec
import pytest

from advisor import book
from advisor.constraint import Constraints, Link
from advisor.estimate import Interval, Plan
from advisor.machine import Device, State
from advisor.predict.serving import power, served
from tests.fakes import machine
from tests.vocabulary.test_plan import BLANK

CNN, LLM = (book.workload(name, ()) for name in ("cnn", "llm-7b"))
LINK = Link(20e6, 0.04)
SECONDS, RATE = Interval(0.01, 0.02, 0.03, "s"), Interval(100.0, 200.0, 300.0, "samples/s")


def at(place, phase="inference", batch=1):
    plan = Plan(phase=phase, place=place, dtype="fp16", batch=batch)
    return msgspec.structs.replace(BLANK, plan=plan, seconds=SECONDS, throughput=RATE)


# An image of 115,000 bytes takes 46 ms at 20 Mb/s, besides a round trip of 40 ms.
@pytest.mark.parametrize(
    ("place", "data_at", "link", "batch", "extra"),
    [
        ("gpu:0", "device", Link(), 1, 0.0),
        ("cloud", "device", LINK, 1, 0.086),
        ("cloud", "device", LINK, 2, 0.132),
        ("cloud", "cloud", LINK, 1, 0.0),
        ("gpu:0", "cloud", LINK, 1, 0.086),
        ("edge", "lan", LINK, 1, 0.0),
        ("cloud", "device", Link(20e6), 1, None),
        ("cloud", "device", Link(), 1, None),
    ],
)
def test_latency(place, data_at, link, batch, extra):
    service = served(at(place, batch=batch), CNN, Constraints(data_at=data_at, link=link)).service
    if extra is None:
        assert service.latency is None
        assert "--link" in service.untold["latency"]
    else:
        assert service.latency.likely == pytest.approx(0.02 + extra)
        assert service.crosses_link is (extra > 0)


def test_the_data_set_is_moved_at_the_rate_of_the_link():
    service = served(at("cloud", "training"), CNN, Constraints(link=LINK)).service
    assert service.upload_seconds == pytest.approx(1281167 * 115000 * 8 / 20e6)
    assert served(at("cpu", "training"), CNN, Constraints(link=LINK)).service.upload_seconds == 0


@pytest.mark.parametrize(
    ("phase", "workload", "rate", "streams"),
    [
        ("inference", CNN, None, 200.0), ("inference", CNN, 30.0, 200 / 30),
        ("decode", LLM, None, 40.0), ("training", CNN, None, None),
    ],
)  # fmt: skip
def test_streams(phase, workload, rate, streams):
    found = served(at("gpu:0", phase), workload, Constraints(stream_rate=rate)).service.streams
    assert (found and found.likely) == (streams and pytest.approx(streams))


def test_power_is_known_of_all_devices_or_not():
    def gpu(number, watts):
        return Device(id=f"gpu:{number}", state=State.PRESENT, power_limit_watts=watts)

    host = machine(devices=(gpu(0, 300.0), gpu(1, 250.0), gpu(2, None)))
    assert power(host, "gpu:0+1") == 550.0
    assert power(host, "gpu:1+2") is None
    assert power(host, "cpu") is None
