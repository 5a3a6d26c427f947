"""How a plan serves, as facts: what could not be told is unknown with its own reason."""

import msgspec

from advisor.estimate import Interval, Plan, Service
from advisor.fact import Status
from advisor.vocabulary.service import facts
from tests.vocabulary.test_plan import BLANK

CLOUD = msgspec.structs.replace(
    BLANK,
    plan=Plan(phase="inference", place="cloud", dtype="fp16", batch=1, device="AWS g6.xlarge"),
    service=Service(
        latency=Interval(0.1, 0.2, 0.3, "s"), crosses_link=True, link_seconds=0.09,
        untold={"power_watts": "no power limit is known of it"},
    ),
)  # fmt: skip


def test_a_place_beyond():
    told = facts(CLOUD)
    assert (told["plan.tier"].value, told["plan.kind"].value) == ("cloud", "cloud")
    assert told["plan.device"].value == "AWS g6.xlarge"
    assert told["plan.crosses_link"].value is True
    assert (told["plan.latency"].low, told["plan.link_time"].value) == (0.1, 0.09)
    assert (told["plan.power"].status, told["plan.power"].why) == (
        Status.UNKNOWN, "no power limit is known of it",
    )  # fmt: skip


def test_a_place_here():
    told = facts(BLANK)
    assert (told["plan.tier"].value, told["plan.kind"].value) == ("here", "gpu")
    assert told["plan.device"].status is Status.MISSING
    assert told["plan.devices"].value == 1
    assert told["plan.streams"].status is Status.UNKNOWN
