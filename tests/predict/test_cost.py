"""Costs are energy at a price, or rent, with their width; of what is not known there is none."""

import pytest
from msgspec.structs import replace

from advisor.estimate import Interval
from advisor.predict.cost import Running, cheaper, costed
from advisor.purchase import Price, Tariff
from tests.vocabulary.test_plan import BLANK

KWH = Price(0.36, "EUR", "--kwh-price", "")
TARIFF = Tariff(currency="EUR", kwh=KWH)
RENT = Price(1.8, "EUR", "shop", "2026-11-25")


def plan(rate, place="gpu:0", job=None, batch=1):
    return replace(
        BLANK, plan=replace(BLANK.plan, place=place, batch=batch), unpredicted=None,
        throughput=Interval(rate, rate, rate, "samples/s") if rate else None,
        job_seconds=Interval(job, job, job, "s") if job else None,
    )  # fmt: skip


def test_a_thousand_answers_cost_their_energy():
    cost = costed(plan(10.0), TARIFF, Running(watts=400.0)).service.cost
    # 100 s at 0.75 · 400 W are 1/120 kWh.
    assert cost.amount.likely == pytest.approx(0.36 / 120)
    assert cost.amount.low < 0.36 / 180 * 1.1
    assert cost.amount.high > 0.36 / 90 * 0.9
    assert (cost.of, cost.amount.unit) == ("1,000 samples", "EUR")
    assert "400 W" in cost.rests
    assert "0.36 EUR a kWh" in cost.rests


def test_what_costs_next_to_nothing_is_counted_by_the_million():
    cost = costed(plan(1e5), TARIFF, Running(watts=400.0)).service.cost
    assert cost.of == "1,000,000 samples"
    assert cost.amount.likely == pytest.approx(10 * 0.75 * 400 / 3.6e6 * 0.36)


def test_a_job_costs_its_hours():
    cost = costed(plan(10.0, job=7200.0), TARIFF, Running(hourly=RENT)).service.cost
    assert (cost.amount.likely, cost.of) == (pytest.approx(3.6), "the job")
    assert "rented" in cost.rests


def test_two_devices_pay_twice_the_rent():
    one, two = (
        costed(plan(10.0, place, job=3600.0), TARIFF, Running(hourly=RENT))
        for place in ("gpu:0", "gpu:0+1")
    )
    assert two.service.cost.amount.likely == pytest.approx(2 * one.service.cost.amount.likely)


@pytest.mark.parametrize(
    ("tariff", "running", "rate", "said"),
    [
        (Tariff(), Running(watts=400.0), 10.0, "--kwh-price"),
        (TARIFF, Running(), 10.0, "no power limit of gpu:0"),
        (TARIFF, Running(watts=400.0), None, "no speed"),
    ],
)
def test_what_is_not_known_has_a_reason(tariff, running, rate, said):
    service = costed(plan(rate), tariff, running).service
    assert service.cost is None
    assert said in service.untold["cost"]


def test_the_slower_may_be_cheaper():
    fast = costed(plan(30.0), TARIFF, Running(watts=400.0))
    slow = costed(plan(20.0, "cpu"), TARIFF, Running(watts=40.0))
    assert cheaper(slow, fast).likely == pytest.approx(20 / 30 * 10)
    assert cheaper(fast, costed(slow, Tariff(), Running())) is None


def test_without_prices_the_time_of_devices_is_compared():
    one, two = plan(10.0), plan(16.0, "gpu:0+1")
    assert cheaper(one, two).likely == pytest.approx(10 / 8)


def test_on_one_place_the_doubt_of_its_power_drops_out():
    small, large = (costed(plan(r, batch=b), TARIFF, Running(watts=400.0))
                    for r, b in ((10.0, 1), (11.0, 8)))  # fmt: skip
    gain = cheaper(large, small)
    assert gain.high / gain.low < small.service.cost.amount.high / small.service.cost.amount.low
