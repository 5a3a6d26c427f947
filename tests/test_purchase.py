"""Prices have one currency and a day; gains are told for money and for watts."""

import pytest

from advisor.estimate import Interval
from advisor.part import Part
from advisor.purchase import Item, Price, Priced, PriceList, Purchase, Rented, launch_price, prices

CARD = Part(name="Maker X", kind="gpu", power=100.0, price=500.0, launch="2024-03")
BARE = Part(name="Maker Y", kind="gpu")
PARTS = {p.name: p for p in (CARD, BARE)}


def test_a_launch_price_is_dated_by_the_launch():
    found = launch_price(CARD)
    assert (found.amount, found.currency, found.date) == (500.0, "USD", "2024-03")
    assert launch_price(BARE) is None


def test_own_prices_come_before_launch_prices():
    own = PriceList(
        currency="USD", taken="2026-11-01", source="a shop",
        prices=(Priced("Maker X", 400.0),), rents=(Rented("Maker X", 0.5),),
    )  # fmt: skip
    paid = prices(PARTS, own)
    assert (paid.bought["Maker X"].amount, paid.bought["Maker X"].source) == (400.0, "a shop")
    assert paid.rented["Maker X"].amount == 0.5
    assert "Maker Y" not in paid.bought


def test_currencies_do_not_convert():
    paid = prices(PARTS, PriceList(currency="EUR", taken="2026-11-01", source="a shop"))
    assert paid.currency == "EUR"
    assert paid.bought == {}


def test_gains_by_money_and_watts():
    two = Purchase(
        items=(Item(CARD, 2),),
        price=Price(1000.0, "USD", "", ""),
        gain=Interval(2.0, 3.0, 4.0, "x"),
    )
    assert str(two) == "2x Maker X"
    assert two.watts == 200.0
    assert two.per_thousand == pytest.approx(2.0)
    assert two.per_hundred_watts == pytest.approx(1.0)


def test_what_is_not_known_is_no_figure():
    bare = Purchase(items=(Item(BARE),))
    assert (bare.watts, bare.per_thousand, bare.per_hundred_watts) == (None, None, None)
