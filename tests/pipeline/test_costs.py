"""What plans cost rests on the user's prices and on what parts draw; the cheapest comes first."""

from msgspec.structs import replace

from advisor.pipeline.costs import tariff, with_costs
from advisor.purchase import Price
from tests.fakes import MACHINE
from tests.predict.test_cost import plan

KWH = Price(0.3, "", "--kwh-price", "")


def test_a_processor_draws_what_the_catalogue_says():
    slow, fast = plan(10.0, "cpu"), plan(11.0)
    fast = replace(fast, service=replace(fast.service, power_watts=700.0))
    found = with_costs([fast, slow], tariff(None, KWH, ()), MACHINE, {}, ())
    assert [e.plan.place for e in found] == ["cpu", "gpu:0"]  # a Xeon Gold 6240 has 150 W
    assert "150 W" in found[0].service.cost.rests
    assert found[0].service.cost.amount.unit == "USD"


def test_of_a_processor_that_nobody_knows_no_cost_is_invented():
    unknown = replace(MACHINE, cpu=replace(MACHINE.cpu, model="a processor"))
    (found,) = with_costs([plan(10.0, "cpu")], tariff(None, KWH, ()), unknown, {}, ())
    assert found.service.cost is None
    assert "no power limit of cpu" in found.service.untold["cost"]


def test_rents_are_those_of_the_parts(tmp_path):
    shop = tmp_path / "shop.yaml"
    shop.write_text(
        "currency: EUR\ntaken: 2026-11-25\nsource: a shop\n"
        "rents: [{part: NVIDIA L4, hourly: 0.8}]\n"
    )
    paid = tariff(shop, None, ())
    found = with_costs([plan(10.0), plan(20.0, "cpu")], paid, MACHINE, None, ())
    assert [e.service.cost is not None for e in found] == [True, False]
