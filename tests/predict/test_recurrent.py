"""A recurrent layer is the products that it runs, and the calls of each step."""

import pytest

from advisor.conditions import conditions_of
from advisor.operation import Op, work
from advisor.predict import recurrent
from advisor.predict.figures import measured
from advisor.predict.op import Clockwork

SIZES = {"n": 2, "steps": 10, "input": 32, "hidden": 64}


def layer(kernel, gates):
    return Op(op="recurrent", kernel=kernel, shape={**SIZES, "gates": gates})


@pytest.mark.parametrize(("kernel", "gates"), [("lstm", 4), ("gru", 3), ("rnn_tanh", 1)])
@pytest.mark.parametrize("backward", [False, True])
def test_all_products_are_counted(kernel, gates, backward):
    op = layer(kernel, gates)
    # A product that goes backward is two of its size.
    found = sum(
        part.times * work(part.op).flops * (2 if part.backward else 1)
        for part in recurrent.parts(op, backward=backward)
    )
    assert found == pytest.approx(work(op).flops * (2 if backward else 1))


def test_only_an_unfused_layer_calls_kernels_in_each_step():
    assert recurrent.calls(layer("lstm", 4), backward=False) == 0
    assert recurrent.calls(layer("gru", 3), backward=True) == 2 * recurrent.calls(
        layer("gru", 3), backward=False
    )


def test_small_steps_take_their_calls(profile, constants, timed):
    launch = timed("launch.latency", 4e-6)
    at = Clockwork(measured(profile(launch), "cpu"), constants["cpu"])
    seconds = at.seconds(layer("gru", 3), "fp32").seconds
    assert seconds > 10 * recurrent.CALLS["gru"] * 2e-6


def test_what_a_step_takes_besides_is_learned(profile, constants, timed):
    short = layer("lstm", 4)
    plain = Clockwork(measured(profile(), "cpu"), constants["cpu"]).seconds(short, "fp32").seconds
    row = timed("op", plain + 10 * 5e-6, dtype="fp32", **conditions_of(short))
    at = Clockwork(measured(profile(row), "cpu"), constants["cpu"])
    long = Op(op="recurrent", kernel="lstm", shape={**short.shape, "steps": 40})
    before = Clockwork(measured(profile(), "cpu"), constants["cpu"]).seconds(long, "fp32").seconds
    assert at.seconds(long, "fp32").seconds - before == pytest.approx(40 * 5e-6, rel=0.3)
