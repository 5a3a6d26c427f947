"""Every op becomes a call that gives what the op says, and whose backward pass runs alone."""

from random import Random

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch

from advisor import book  # noqa: E402 - what follows needs torch
from advisor.bench.hands import Hands  # noqa: E402
from advisor.bench.kernels import Maker, callable_of  # noqa: E402
from advisor.bench.messages import Start  # noqa: E402
from advisor.bench.micro.ops import points  # noqa: E402
from advisor.bench.task import TaskError  # noqa: E402
from advisor.operation import Op, work  # noqa: E402
from advisor.predict.passes import training  # noqa: E402


@pytest.fixture(scope="module")
def hands():
    return Hands(torch, Start(1, "."))


CONV = {"n": 2, "c": 4, "h": 9, "w": 9, "k": 8, "r": 3, "s": 3, "padding": 1}
OPS = [
    Op(op="gemm", kernel="linear", shape={"m": 4, "n": 6, "k": 8}, weights=48),
    Op(op="gemm", kernel="matmul", shape={"m": 4, "n": 6, "k": 8, "batch": 3}),
    Op(op="conv", shape=CONV),
    Op(op="conv", shape={**CONV, "stride": 2, "groups": 4}),
    Op(op="conv", shape={**CONV, "k": 2, "stride": 2, "transposed": 1}),
    Op(op="attention", shape={"batch": 2, "heads": 4, "kv_heads": 2, "q": 5, "kv": 7, "d": 8}),
    Op(
        op="recurrent",
        kernel="gru",
        shape={"n": 2, "steps": 3, "input": 8, "hidden": 4, "gates": 3},
    ),
    Op(op="norm", kernel="batch_norm", reads=64, writes=64, weights=32),
    Op(op="norm", kernel="batch_norm_training", reads=64, writes=64, weights=32),
    Op(op="norm", kernel="group_norm", reads=64, writes=64, weights=64),
    Op(op="norm", kernel="layer_norm", reads=64, writes=64, weights=16),
    Op(op="softmax", kernel="softmax", reads=1024, writes=1024),
    Op(op="elementwise", kernel="gelu", reads=64, writes=64),
    Op(op="elementwise", kernel="add", reads=128, writes=64),
    Op(op="copy", kernel="cat", reads=64, writes=64),
    Op(op="copy", kernel="clone", reads=1024, writes=1024),
    Op(op="embedding", kernel="embedding", reads=640, writes=640),
    Op(op="embedding", kernel="embedding_bag", reads=640, writes=128),
    Op(op="pool", kernel="mean", reads=64, writes=16),
]


@pytest.mark.parametrize("op", OPS, ids=lambda op: f"{op.op}-{op.kernel}")
def test_output_and_gradients(op, hands):
    out = callable_of(op, hands, "fp32", "cpu")()
    out = out[0] if isinstance(out, tuple) else out
    if op.op != "recurrent":
        assert out.numel() == work(op).writes
    gradients = callable_of(op, hands, "fp32", "cpu", backward=True)()
    assert any(gradient is not None for gradient in gradients)


def test_what_has_no_gradient_says_so(hands):
    zeros = Op(op="copy", kernel="zeros", writes=8)
    with pytest.raises(TaskError, match="no gradient"):
        callable_of(zeros, hands, "fp32", "cpu", backward=True)


def _kinds():
    """One pass of each kernel and direction that training a shipped network asks for."""
    found = {}
    for path in sorted((book.shipped() / "workloads").glob("*.yaml")):
        workload = book.workload(path.stem, [])
        for op, back in training(workload.graph, 1) if workload.graph else ():
            if work(op).elements < 1e6:
                found.setdefault((op.op, op.kernel, back), op)
    return [pytest.param(op, key[2], id="-".join(map(str, key))) for key, op in found.items()]


@pytest.mark.parametrize(("op", "back"), _kinds())
def test_all_that_training_asks_for_runs(op, back, hands):
    callable_of(op, hands, "fp32", "cpu", backward=back)()


def test_small_drawn_points_run(hands):
    drawn = [(op, back) for op, back in points(Random(3)) if work(op).elements < 3e5]
    for op, back in drawn[:30]:
        callable_of(op, hands, "fp32", "cpu", backward=back)()


def test_a_leaf_asks_for_no_gradient_of_its_input(hands):
    op = Op(op="conv", kernel="leaf", shape=CONV)
    gradients = callable_of(op, hands, "fp32", "cpu", backward=True)()
    given, weights = gradients[:2]
    assert given is None
    assert weights.shape == (8, 4, 3, 3)


def test_training_normalizes_by_the_batch(hands):
    sizes = {"reads": 64, "writes": 64, "weights": 32}
    usual, anew = (
        callable_of(Op(op="norm", kernel=kernel, **sizes), hands, "fp32", "cpu")().mean((0, 2))
        for kernel in ("batch_norm", "batch_norm_training")
    )
    # Bias and mean differ: of a batch taken anew the mean is the bias alone.
    assert not torch.allclose(usual, anew)


@pytest.mark.parametrize("kernel", ["sgd", "momentum", "adam"])
def test_an_optimizer_moves_its_parameters(kernel, hands):
    op = Op(op="optimizer", kernel=kernel, shape={"n": 3}, weights=300.0)
    step = callable_of(op, hands, "fp32", "cpu")
    learned = [one for group in step.args[0].param_groups for one in group["params"]]
    before = [one.detach().clone() for one in learned]
    step()
    assert [one.numel() for one in learned] == [100] * 3
    assert all(not torch.equal(a, b) for a, b in zip(before, learned, strict=True))


def test_most_of_a_sparse_gradient_is_nought(hands):
    shape = {"n": 2, "sparse": 1}
    step = callable_of(
        Op(op="optimizer", kernel="adam", shape=shape, weights=64.0), hands, "fp32", "cpu"
    )
    learned = [one for group in step.args[0].param_groups for one in group["params"]]
    assert [one.grad.count_nonzero().item() for one in learned] == [0, 0]


def test_each_op_has_its_own_place_in_the_pools(hands):
    shapes = [{"m": 4, "n": n, "k": 64} for n in (64, 72, 80, 88)]
    ops = [Op(op="gemm", kernel="linear", shape=s, weights=64.0 * s["n"]) for s in shapes]
    starts = {Maker(op, hands, "fp32", "cpu", backward=False).tensor(64).data_ptr() for op in ops}
    assert len(starts) == len(ops)
