"""A purchase is tried on the edited machine; what is known of it to a range widens its gain."""

import msgspec
import pytest
from msgspec.structs import replace

from advisor.machine import Module
from advisor.pipeline.look import Look
from advisor.pipeline.recommend import Question
from advisor.pipeline.upgrade import Shopping, shop
from advisor.predict.width import spread_of
from advisor.purchase import Limits
from tests.fakes import MACHINE, MEASURED, machine, profile

CPU = replace(
    MACHINE.cpu, model="AMD Ryzen 7 5800X 8-Core Processor", sockets=1, cores=8,
    threads_online=16, threads_allowed=16,
)  # fmt: skip
ONE = Module(kind="DDR4", size_bytes=16 * 2**30, configured_transfers_per_second=3.2e9)
MEMORY = replace(MACHINE.memory, modules=(ONE,), channels=1)
ON = profile(
    machine=machine(cpu=CPU, memory=MEMORY, devices=()),
    measurements=tuple(m for m in MEASURED if m.device == "cpu"),
)


@pytest.fixture(scope="module")
def bought(tmp_path_factory):
    path = tmp_path_factory.mktemp("tried") / "p.json"
    path.write_bytes(msgspec.json.encode(ON))

    def never():
        raise AssertionError("a saved profile is not timed")

    question = Question(workload="llm-1b", look=Look(profile=path))
    return shop(Shopping(question=question, limits=Limits(), rank="gain"), never)


def of_kind(bought, kind):
    return [p for p in bought.purchases if {i.part.kind for i in p.items} == {kind}]


def test_a_channel_is_worth_a_range(bought):
    (module,) = of_kind(bought, "memory")
    assert module.gain.low < 0.9 * module.gain.likely
    assert 1.2 < module.gain.likely < module.gain.high <= 2.1


def test_a_processor_is_compared_in_the_precision_that_is_best_now(bought):
    swapped = of_kind(bought, "cpu")
    assert swapped
    now = bought.now.estimate.plan
    for purchase in swapped:
        plan = purchase.estimate.plan
        assert (plan.place, plan.dtype) == ("cpu", now.dtype)
        assert purchase.items[0].part.socket == "AM4"
        assert purchase.price is None
        assert spread_of(purchase.gain) >= 0.2


def test_what_is_tried_on_cards_is_no_plan_of_the_processor(bought):
    cards = [p for p in of_kind(bought, "gpu") if p.estimate]
    assert cards
    assert all(p.estimate.plan.place.startswith("gpu:0") for p in cards)
