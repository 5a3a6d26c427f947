"""What to buy is what the same prediction says of the machine with each part in it."""

from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from advisor.advice import Truth
from advisor.errors import AdvisorError
from advisor.machine import Cpu, Module
from advisor.pipeline.look import Look
from advisor.pipeline.recommend import Question
from advisor.pipeline.upgrade import Shopping, best_of, shop, surely
from advisor.profile import Profile
from advisor.purchase import Limits
from tests.fakes import MACHINE, PROFILE, machine, profile

LIST = """\
currency: USD
taken: 2026-01-01
source: a shop
prices: [{part: NVIDIA L4, price: 2000}, {part: NVIDIA GeForce RTX 5090, price: 2500}]
rents: [{part: NVIDIA L4, hourly: 0.5}]
"""


def never() -> Profile:
    raise AssertionError("a saved profile is not timed")


@pytest.fixture
def ask(tmp_path):
    def made(on=PROFILE, workload="llm-7b", prices=LIST, budget=3000.0, **more):
        path, listed = tmp_path / "p.json", tmp_path / "prices.yaml"
        path.write_bytes(msgspec.json.encode(on))
        listed.write_text(prices)
        question = Question(workload=workload, look=Look(profile=Path(path)))
        seen = Limits(budget=budget, slots=8.0, supply=2000.0, length=400.0)
        shopping = Shopping(question=question, limits=seen, prices=listed, **more)
        return shop(shopping, never)

    return made


def named(bought, name):
    return next(p for p in bought.purchases if str(p) == name)


def test_each_purchase_is_predicted_and_ranked(ask):
    bought = ask(rank="gain")
    assert bought.now.phase == "decode"
    assert bought.now.estimate.plan.place == "gpu:0"
    gains = [p.gain.likely for p in bought.purchases if p.gain]
    assert gains == sorted(gains, reverse=True)
    faster = named(bought, "NVIDIA GeForce RTX 5090")
    assert faster.gain.low > 1
    assert faster.estimate.plan.place == "gpu:1"
    assert all(p.price is None or p.price.amount <= 3000 for p in bought.purchases)


def test_one_more_of_the_same_joins_it(ask):
    twin = named(ask(), "NVIDIA L4")
    assert twin.estimate.plan.place == "gpu:0+1"
    assert twin.estimate.memory_available == 48 * 2**30
    assert twin.break_even == pytest.approx(4000.0)


def test_what_no_rule_warns_of_is_bought_as_one_card(ask):
    bought = ask(budget=None)
    unseen = best_of(bought.purchases, bought.verdicts, Limits())
    assert unseen.price is not None
    assert sum(item.count for item in unseen.items) == 1
    warned = {v.subject for v in bought.verdicts if v.truth is Truth.FIRES and v.severity != "info"}
    assert any(surely(p.gain, 1.1) for p in bought.purchases if str(p) in warned)
    assert str(unseen) not in warned
    seen = best_of(bought.purchases, bought.verdicts, Limits(slots=8.0, supply=2000.0))
    assert bought.purchases.index(seen) <= bought.purchases.index(unseen)


def test_ranks_are_by_money_and_by_watts(ask):
    for rank, value in (("price", "per_thousand"), ("power", "per_hundred_watts")):
        found = [getattr(p, value) for p in ask(rank=rank).purchases if p.gain]
        worth = [x for x in found if x is not None and x > 0]
        assert worth == sorted(worth, reverse=True)


def test_more_of_the_same(ask):
    scaling = ask().scaling
    assert [p.items[0].count for p in scaling] == [1, 2, 4, 8]
    rates = [p.estimate.throughput.likely for p in scaling]
    assert rates == sorted(rates)


def test_nothing_runs_now(ask):
    bare = profile(machine=machine(devices=(), cpu=Cpu()), measurements=())
    bought = ask(bare)
    assert bought.now.estimate is None
    assert bought.now.why_none
    assert named(bought, "NVIDIA GeForce RTX 5090").gain is None
    assert named(bought, "NVIDIA GeForce RTX 5090").estimate.throughput.likely > 1


def test_currencies_are_not_mixed(ask):
    with pytest.raises(AdvisorError, match="currencies do not convert"):
        ask(currency="EUR")


def test_a_price_of_no_part(ask):
    with pytest.raises(AdvisorError, match="no part has this name") as caught:
        ask(prices=LIST.replace("NVIDIA L4, p", "NVIDIA L5, p"))
    assert caught.value.where.line == 4


def test_a_module_without_a_price_fills_an_empty_channel(ask):
    one = Module(kind="DDR4", size_bytes=16 * 2**30, configured_transfers_per_second=3.2e9)
    cpu = replace(MACHINE.cpu, model="AMD Ryzen 7 5800X 8-Core Processor")
    memory = replace(MACHINE.memory, modules=(one,), channels=1)
    bought = ask(profile(machine=machine(cpu=cpu, memory=memory, devices=())))
    module = named(bought, "DDR4-3200 UDIMM 16GB")
    assert module.price is None
    assert module.gain.likely > 1.2
