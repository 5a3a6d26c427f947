"""Of an unknown workload, measurements elsewhere say how it scales."""

import pytest


def rates(ask, device, known, **more):
    case = {
        "device": device,
        "phase": "training",
        "dtype": "amp",
        "workload": {"opaque": "theirs"},
        "known": [{"device": d, "throughput": t} for d, t in known],
    }
    return ask(case | more)["throughput"]


def test_the_same_device_runs_as_it_ran(ask):
    found = rates(ask, "NVIDIA GeForce RTX 3090", [("NVIDIA GeForce RTX 3090", 100.0)])
    assert found["likely"] == pytest.approx(100, rel=0.02)
    assert found["high"] / found["low"] < 1.5


def test_a_faster_device_is_faster_but_not_by_its_peak(ask):
    found = rates(ask, "NVIDIA A100-SXM4-80GB", [("Tesla V100-SXM2-16GB", 100.0)])
    assert 130 < found["likely"] < 250


def test_siblings_tell_more_than_one_old_card(ask):
    one = [("Tesla V100-SXM2-16GB", 100.0)]
    two = [*one, ("NVIDIA GeForce RTX 3080 Ti", 120.0), ("NVIDIA GeForce RTX 3090 Ti", 150.0)]
    wide, narrow = (rates(ask, "NVIDIA GeForce RTX 3090", known) for known in (one, two))
    assert narrow["high"] / narrow["low"] < wide["high"] / wide["low"]
    assert 115 < narrow["likely"] < 150


def test_exponents_are_learnt(ask):
    """A job that follows the bandwidth alone (three cards of one speed a byte) will again."""
    cards = {
        "Tesla V100-SXM2-16GB": 900,
        "NVIDIA A100-SXM4-40GB": 1555,
        "NVIDIA GeForce RTX 2080 Ti": 616,
        "NVIDIA RTX A6000": 768,
        "NVIDIA GeForce RTX 3090": 936,
    }
    found = rates(ask, "NVIDIA H100 80GB HBM3", list(cards.items()))
    assert found["likely"] == pytest.approx(3350, rel=0.3)


def test_a_step_on_eight_cards_is_a_little_longer(ask):
    """NVLink keeps 0.87 to 0.93 of the sum in the median of published runs; PCIe less."""
    one = {"device": "NVIDIA A100-SXM4-80GB", "throughput": 100.0, "count": 1}
    case = {"device": one["device"], "phase": "training", "dtype": "amp", "count": 8}
    found = ask(case | {"workload": {"opaque": "theirs"}, "known": [one]})["throughput"]
    assert found["likely"] == pytest.approx(8 * 100 * 0.9, rel=0.05)
