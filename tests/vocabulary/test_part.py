"""Rules may speak of purchases: what they are, cost and would bring."""

from advisor.estimate import Interval
from advisor.fact import Status
from advisor.part import Part
from advisor.purchase import Item, Price, Purchase
from advisor.vocabulary import Situation, declared, state
from advisor.vocabulary.part import PART, facts
from tests.fakes import PROFILE

CARD = Part(
    name="Maker X", kind="gpu", vendor="Maker", form="pcie", memory=2.0**34, power=100.0,
    supply=650.0,
)  # fmt: skip
TWO = Purchase(
    items=(Item(CARD, 2),),
    price=Price(1000.0, "USD", "", ""),
    gain=Interval(2.0, 3.0, 4.0, "x"),
    break_even=10.0,
)


def test_facts_of_a_purchase():
    told = facts(TWO)
    assert {name: told[name].value for name in ("part.count", "part.memory", "part.power")} == {
        "part.count": 2, "part.memory": 2.0**35, "part.power": 200.0,
    }  # fmt: skip
    assert (told["part.gain"].low, told["part.gain"].high) == (2.0, 4.0)
    assert told["part.price"].value == 1000.0
    assert told["part.break_even"].value == 36_000.0
    assert told["part.bound"].status is Status.MISSING


def test_another_currency_is_no_price_in_dollars():
    euros = Purchase(items=(Item(CARD),), price=Price(1000.0, "EUR", "", ""))
    assert facts(euros)["part.price"].status is Status.MISSING


def test_rules_see_them():
    assert {row.declaration.name for row in PART} <= set(declared())
    members = state(Situation(profile=PROFILE, purchases=(TWO,))).sets["part"].members
    assert [m.id for m in members] == ["2x Maker X"]
    assert members[0].facts["memory.total"].value
