"""What a recurrent layer runs: products over all steps at once, and small ones step after step.

A fused layer (oneDNN's and cuDNN's LSTM) computes what does not depend on the step before in one
product; an unfused one (torch's own loops) also pays calls in each step, forward and backward.
"""

from typing import NamedTuple

from advisor.operation import Op

# Kernels that torch's loop calls in each step besides the product (ATen, native/RNN.cpp): gates
# are added and squashed one by one.
CALLS = {"gru": 10, "rnn_tanh": 2, "rnn_relu": 2}


class Part(NamedTuple):
    """An op that a layer runs so many times."""

    op: Op
    times: int
    backward: bool = False


def parts(op: Op, *, backward: bool) -> list[Part]:
    """Return the ops of a layer in one direction of time, without its calls."""
    n, steps, inputs, hidden, gates = (
        op.shape.get(name, 1) for name in ("n", "steps", "input", "hidden", "gates")
    )
    wide = gates * hidden
    before = _product(n * steps, wide, inputs)
    step = _product(n, wide, hidden)
    if not backward:
        return [Part(before, 1), Part(step, steps)]
    if op.kernel in CALLS:  # each step makes a gradient of the weights, and adds it up
        size = 1.0 * wide * hidden
        added = Op(op="elementwise", kernel="add", reads=2 * size, writes=size)
        return [
            Part(before, 1, backward=True),
            Part(step, steps, backward=True),
            Part(added, steps),
        ]
    handed_on = _product(n, hidden, wide)
    learned = _product(wide, hidden, n * steps)
    return [Part(before, 1, backward=True), Part(handed_on, steps), Part(learned, 1)]


def calls(op: Op, *, backward: bool) -> int:
    """Return the small kernels that a layer calls in all its steps; backward each has two."""
    return CALLS.get(op.kernel, 0) * op.shape.get("steps", 1) * (2 if backward else 1)


def _product(m: int, n: int, k: int) -> Op:
    return Op(op="gemm", kernel="linear", shape={"m": m, "n": n, "k": k}, weights=1.0 * n * k)
