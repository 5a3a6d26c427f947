"""A step is the sum of its ops, with their launches, and with the optimizer when training."""

import msgspec
import pytest

from advisor.operation import Op, OpGraph
from advisor.predict.figures import measured
from advisor.predict.host import host_seconds
from advisor.predict.op import Clockwork
from advisor.predict.passes import Learning
from advisor.predict.step import forward, training

GRAPH = OpGraph(
    ops=(
        Op(op="gemm", count=3, shape={"m": 64, "n": 1024, "k": 1024}, weights=1024.0**2),
        Op(op="elementwise", kernel="relu", reads=65536, writes=65536),
    ),
    parameters=3 * 1024.0**2, activations=4e5, workspace=2e5, inputs=65536,
)  # fmt: skip


@pytest.fixture
def cpu(profile, constants):
    return Clockwork(measured(profile(), "cpu"), constants["cpu"])


def test_a_processor_sums(cpu):
    step = forward(cpu, GRAPH, 1, "fp32")
    ops = sum(op.count * cpu.seconds(op, "fp32").seconds for op in GRAPH.ops)
    assert step.seconds == pytest.approx(
        ops + host_seconds(cpu.figures, cpu.constants.figures, 4, 0, learned=False)
    )
    assert step.bound in {"compute", "memory"}
    assert sum(step.shares.values()) < 1


def test_training_adds_backward_and_the_optimizer(cpu):
    once = forward(cpu, GRAPH, 8, "fp32").seconds
    sgd = training(cpu, Learning(GRAPH, GRAPH.parameters, 1), 8, "fp32").seconds
    adam = training(cpu, Learning(GRAPH, GRAPH.parameters, 2), 8, "fp32").seconds
    frozen = training(cpu, Learning(GRAPH, 0.0, 1), 8, "fp32").seconds
    assert 2 * once < frozen < sgd < adam


def test_a_step_pays_for_the_code_that_it_pushed_out(cpu):
    learning, figures = Learning(GRAPH, GRAPH.parameters, 2), cpu.figures
    cached = msgspec.structs.replace(figures, ladder=((2**20, 9e11), (2**30, 1e10)), cache=2**20)
    woken = msgspec.structs.replace(cached, waking=20e-6)
    before, after = (
        training(Clockwork(found, cpu.constants), learning, 8, "fp32") for found in (cached, woken)
    )
    share = cpu.constants.figures["cold_code_training"]
    ops = 4 + 4 + 1  # forward, backward, the optimizer over three tensors alike
    assert after.seconds - before.seconds == pytest.approx(share * 20e-6 * ops)


def test_what_runs_again_soon_finds_its_code(cpu):
    whole = Op(op="elementwise", kernel="tanh", reads=1e5, writes=1e5)
    figures = msgspec.structs.replace(
        cpu.figures, ladder=((2**20, 9e11), (2**30, 1e10)), cache=2**20, waking=20e-6
    )

    def fetched(ops):
        graph = OpGraph(ops=ops, parameters=1, activations=1, workspace=2.0**18)
        return sum(
            sign * forward(Clockwork(one, cpu.constants), graph, 1, "fp32").seconds
            for sign, one in ((1, figures), (-1, msgspec.structs.replace(figures, waking=0.0)))
        )

    share = cpu.constants.figures["cold_code_inference"]
    unlike = tuple(msgspec.structs.replace(whole, reads=1e5 + i) for i in range(16))
    assert fetched(unlike) == pytest.approx(16 * share * 20e-6)
    alike = (msgspec.structs.replace(whole, count=16),)
    assert fetched(alike) == pytest.approx(16 * share * 20e-6 / 4)  # the root of a sixteenth


def test_a_queue_hides_what_is_shorter(profile, constants):
    gpu = Clockwork(measured(profile(), "gpu:0"), constants["gpu"])
    tiny = OpGraph(ops=GRAPH.ops[1:], parameters=1, activations=1, workspace=1)
    small = forward(gpu, tiny, 1, "fp32")
    assert small.bound == "launch"
    large = forward(gpu, GRAPH, 4096, "fp32")
    assert large.bound in {"compute", "memory"}


def test_unknown_figures_give_no_step(cpu):
    assert forward(cpu, GRAPH, 1, "fp8") is None
    assert training(cpu, Learning(GRAPH, 1.0, 1), 1, "fp8") is None


def test_the_optimizer_counts_where_no_fp32_peak_was_timed(profile, timed, constants):
    whole = profile(timed("matmul.peak", 2e12, dtype="bf16", unit="FLOP/s"))
    rest = tuple(m for m in whole.measurements if m.dtype != "fp32")
    alone = msgspec.structs.replace(whole, measurements=rest)
    clockwork = Clockwork(measured(alone, "cpu"), constants["cpu"])
    trained = training(clockwork, Learning(GRAPH, 1e8, 2), 8, "bf16").seconds
    frozen = training(clockwork, Learning(GRAPH, 0.0, 2), 8, "bf16").seconds
    assert trained > frozen + 1e8 * 7 * 4 / 20e9
