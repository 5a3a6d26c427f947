"""What could be bought: what fits, can be paid, and is not beaten; the rest has its reason."""

import pytest

from advisor.machine import Cpu, Memory, Module
from advisor.part import Part
from advisor.pipeline.offers import Own, combined, offers, pairs
from advisor.purchase import Limits, Price, Prices
from tests.fakes import CPU, MACHINE, machine

GIB = 2.0**30
MODULE = Part(name="DDR5-5600 UDIMM 32GB", kind="memory", price=90.0)


def card(name, memory=24, bandwidth=1e12, fp16=1e14, price=1000.0, **more):
    figures = {
        "kind": "gpu", "form": "pcie", "memory": memory * GIB, "bandwidth": bandwidth,
        "peaks": {"fp32": fp16 / 4, "fp16": fp16}, "power": 300.0, "slots": 2.0, "supply": 750.0,
        "price": price, "launch": "2025-01", "length_mm": 300.0,
    }  # fmt: skip
    return Part(name=name, **(figures | more))


NOW = Limits(today="2026-11")


def asked(parts, limits=NOW, on=MACHINE, twin=None, cpu=None):
    bought = {
        p.name: Price(p.price, "USD", "launch price", p.launch or "") for p in parts if p.price
    }
    return offers(on, parts, Prices("USD", bought, {}), limits, Own(twin, cpu))


def names(found):
    return [str(p) for p in found.purchases]


def test_what_another_beats_for_no_more_money_is_left_out():
    found = asked([card("A"), card("B", fp16=2e14), card("C", memory=48, price=2000.0)])
    assert names(found) == ["B", "C"]
    assert found.left_out == {"another part beats it for no more money": 1}


@pytest.mark.parametrize(
    ("part", "limits", "reason"),
    [
        (card("A", form="sxm"), Limits(), "no PCIe card"),
        (card("A", price=None), Limits(), "no price in USD is known"),
        (card("A"), Limits(budget=999.0), "beyond the budget"),
        (card("A"), Limits(supply=650.0), "the power supply is too small"),
        (card("A"), Limits(slots=1.0), "too few free slots"),
        (card("A"), Limits(length=250.0), "too long"),
        (card("A", bandwidth=None), Limits(), "its rates are not published"),
        (card("A", launch="2019-02"), Limits(today="2026-11"), "its launch price is over 5 years"),
        (
            Part(name="DDR5-5600 UDIMM 32GB", kind="memory", price=90.0),
            Limits(),
            "could not be read",
        ),
    ],
)
def test_what_does_not_fit_says_why(part, limits, reason):
    found = asked([part], limits)
    assert names(found) == []
    assert any(reason in why for why in found.left_out)


def test_a_card_like_the_one_there_is_offered_though_beaten():
    mine = card("A")
    assert names(asked([mine, card("B", fp16=2e14)], twin=mine)) == ["B", "A"]


def test_memory_of_the_right_generation():
    modules = (Module(kind="DDR5"),)
    on = machine(memory=Memory(total_bytes=1, modules=modules))
    parts = [
        MODULE,
        Part(name="DDR4-3200 UDIMM 32GB", kind="memory", price=60.0),
    ]
    found = asked(parts, on=on)
    assert names(found) == [f"{n}DDR5-5600 UDIMM 32GB" for n in ("", "2x ", "4x ")]
    assert found.left_out == {"memory of another generation": 1}


def test_an_empty_channel_is_filled_without_a_price():
    one = Module(kind="DDR5", size_bytes=32 * 2**30, configured_transfers_per_second=5.6e9)
    on = machine(memory=Memory(total_bytes=1, modules=(one,), channels=1))
    module = Part(name="DDR5-5600 UDIMM 32GB", kind="memory", memory=32 * GIB, transfers=5.6e9)
    found = asked([module], on=on, cpu=Part(name="Ryzen", kind="cpu", channels=2))
    assert (names(found), found.channels) == (["DDR5-5600 UDIMM 32GB"], 1)
    assert found.purchases[0].price is None


RACK = machine(cpu=Cpu(sockets=2))


def test_a_server_is_offered_cards_for_servers_priced_or_not():
    parts = [
        card("desk", grade="consumer"), card("work", grade="workstation", fp16=2e14),
        card("rack", grade="datacenter", price=None, fp16=3e14),
        card("old", grade="datacenter", price=None, fp16=4e14, launch="2019-01"),
        card("weak", grade="datacenter", price=None),
    ]  # fmt: skip
    found = asked(parts, on=RACK)
    assert names(found) == ["work", "rack"]
    assert [p.price is None for p in found.purchases] == [False, True]
    assert sum(n for why, n in found.left_out.items() if "a desktop's card" in why) == 1
    assert "rack" not in names(asked(parts, Limits(today="2026-11", budget=1e4), on=RACK))


def test_a_server_that_someone_measured_takes_a_desktops_card():
    seen = Limits(today="2026-11", slots=4.0, supply=2000.0, length=400.0)
    assert names(asked([card("desk", grade="consumer")], seen, on=RACK)) == ["desk"]


def test_a_processor_for_the_socket_is_offered_and_asked_about():
    own, new = (
        Part(name=n, kind="cpu", socket="AM5", cores=8, peaks={"fp32": rate})
        for n, rate in (("own", 1e12), ("new", 2e12))
    )
    found = asked([own, new], cpu=own)
    assert names(found) == ["new"]
    assert any("AM5" in line for line in found.asked)


def test_what_cannot_be_known_is_asked():
    on = machine(cpu=CPU)
    assert len(asked([card("A")], on=on).asked) == 5
    told = Limits(supply=1000.0, slots=4.0, length=400.0)
    modules, sockets = asked([card("A")], told, on=on).asked
    assert "memory modules" in modules
    assert "which processors fit its socket" in sockets
    known = Part(name="Ryzen", kind="cpu", socket="AM5")
    assert (
        "another board is another machine" in asked([card("A")], told, on=on, cpu=known).asked[-1]
    )
    virtual = machine(cpu=Cpu(hypervisor="kvm"))
    assert "virtual machine" in asked([card("A")], told, on=virtual).asked[0]


def test_two_of_one_and_one_with_a_disk():
    disk = Part(name="D", kind="disk", price=100.0)
    parts = [card("A"), disk]
    paid = Prices("USD", {p.name: Price(p.price, "USD", "s", "d") for p in parts}, {})
    found = asked(parts)
    cards, disks = found.purchases[:1], found.purchases[1:]
    assert [str(p) for p in pairs(cards, paid, Limits(budget=2000.0))] == ["2x A"]
    assert list(pairs(cards, paid, Limits(budget=1999.0))) == []
    (both,) = combined(cards, disks, paid, Limits())
    assert (str(both), both.price.amount) == ("A + D", 1100.0)


def test_with_a_budget_what_has_no_price_is_counted_with_the_way_to_give_one():
    own, faster = (
        Part(name=n, kind="cpu", socket="AM5", cores=8, peaks={"fp32": rate})
        for n, rate in (("own", 1e12), ("faster", 2e12))
    )
    free, held = (asked([own, faster], Limits(budget=b), cpu=own) for b in (None, 500.0))
    assert names(free) == ["faster"]
    assert not free.left_out
    assert names(held) == []
    assert held.left_out == {"no price in USD is known (--prices FILE brings yours)": 1}
