"""Each op is timed by its kind."""

import pytest

from advisor.errors import AdvisorError
from advisor.operation import Op
from advisor.predict.elsewhere import opwise
from advisor.predict.elsewhere.case import OpLine, op
from advisor.predict.elsewhere.forecast import item
from advisor.predict.elsewhere.likeness import narrowed

V100 = "Tesla V100-PCIE-32GB"
CPU = "Intel(R) Core(TM) i9-10940X CPU @ 3.30GHz"


def timed(device, figures, line, name=V100, dtype="fp32"):
    made = op(OpLine(**line), 4.0 if dtype == "fp32" else 2.0)
    (piece,) = opwise.pieces([(made, dtype)], device(name), figures)
    return piece


@pytest.mark.parametrize(
    ("line", "kind", "milliseconds"),
    [
        # Published by NeuSight for this card, fp32; within a fifth.
        ({"op": "gemm", "m": 4096, "n": 4096, "k": 4096}, "gemm", 10.6),
        ({"op": "gemm", "batch": 256, "m": 512, "n": 512, "k": 64}, "bmm", 0.85),
        ({"op": "add", "bytes": 1.2e9}, "elementwise", 1.6),
    ],
)
def test_kinds_and_times(device, figures, line, kind, milliseconds):
    piece = timed(device, figures, line)
    assert piece.kind == kind
    assert piece.timed.seconds == pytest.approx(milliseconds / 1e3, rel=0.25)


CONV = {"op": "conv", "n": 32, "c": 64, "k": 64, "h": 56, "w": 56, "r": 3, "s": 3, "padding": 1}


def test_a_depthwise_convolution_is_bound_by_memory(device, figures):
    wide = timed(device, figures, CONV)
    depthwise = timed(device, figures, CONV | {"groups": 64})
    assert wide.kind == "conv"
    assert depthwise.kind == "depthwise"
    assert depthwise.timed.memory > depthwise.timed.compute
    assert depthwise.timed.seconds < wide.timed.seconds


@pytest.mark.parametrize("shape", [{"r": 1, "s": 1, "padding": 0}, {"stride": 2}, {"groups": 2}])
def test_every_path_of_a_convolution(device, figures, shape):
    for dtype in ("fp32", "amp"):
        assert 1e-5 < timed(device, figures, CONV | shape, dtype=dtype).timed.seconds < 1e-2


@pytest.mark.parametrize(
    "made",
    [
        Op(op="attention", shape={"batch": 8, "heads": 16, "q": 512, "kv": 512, "d": 64}),
        Op(op="recurrent", shape={"n": 8, "steps": 64, "input": 512, "hidden": 512, "gates": 4}),
        Op(op="norm", reads=1e6, writes=1e6),
    ],
)
def test_other_kinds_on_both_classes(device, figures, made):
    for name in (V100, CPU):
        (piece,) = opwise.pieces([(made, "fp32")], device(name), figures)
        assert 1e-6 < piece.timed.seconds < 0.1


@pytest.mark.parametrize(("length", "share"), [(512, 0.3), (2048, 0.45), (8192, 0.55)])
def test_fused_attention_is_told_by_its_name(device, figures, length, share):
    """Serving engines' causal kernels on an A100 reach that share of the matrix rate."""
    heads, size = 32, 128
    line = {
        "op": "flash_attention",
        "bytes": 16.0 * 8 * length * heads * size / 2,
        "flops": 2.0 * 8 * heads * length**2 * size,
    }
    piece = timed(device, figures, line, "NVIDIA A100-SXM4-80GB", "bf16")
    assert piece.kind == "attention"
    assert line["flops"] / piece.timed.seconds / 312e12 == pytest.approx(share, rel=0.25)


def test_an_op_that_moves_nothing_costs_its_launch(device, figures):
    piece = timed(device, figures, {"op": "view", "bytes": 0})
    assert piece.timed.seconds == piece.timed.fixed > 0


def test_in_a_queue_launches_hide(device, figures):
    one = timed(device, figures, {"op": "add", "bytes": 1000.0}).timed.seconds
    many = timed(device, figures, {"op": "add", "bytes": 1000.0, "count": 1000}).timed.seconds
    assert many < 300 * one


def test_a_small_tensor_comes_out_of_the_last_cache(device, figures):
    lines = [{"op": "add", "bytes": size, "count": 100} for size in (8e6, 40e6)]
    fits, not_ = (timed(device, figures, x, "NVIDIA A100-SXM4-80GB").timed.memory for x in lines)
    assert not_ > 6 * fits


def test_an_empty_list_is_an_error(device, figures):
    with pytest.raises(AdvisorError, match="no op"):
        opwise.forecast([], device(V100), figures)


def test_training_is_some_forward_passes(device, figures):
    made = opwise.forecast([timed(device, figures, CONV)], device(V100), figures)
    assert opwise.trained(made, 3.0).seconds == pytest.approx(3 * made.seconds)


def test_many_small_ops_wait_for_the_host(device, figures):
    lines = [op(OpLine(op="add", bytes=1000.0, count=1000), 4.0)]
    made = opwise.forecast(
        opwise.pieces([(one, "fp32") for one in lines], device(V100), figures),
        device(V100),
        figures,
    )
    assert made.seconds == pytest.approx(1000 * figures["dispatch"])
    assert made.bound == "launch"


def test_a_large_op_hides_the_host(device, figures):
    lines = [op(OpLine(op="gemm", m=4096, n=4096, k=4096, count=10), 4.0)]
    pieces = opwise.pieces([(one, "fp32") for one in lines], device(V100), figures)
    made = opwise.forecast(pieces, device(V100), figures)
    assert made.seconds == pytest.approx(sum(piece.timed.seconds for piece in pieces))


def test_compiling_fuses_what_stands_between_products(device, figures):
    add, gemm = OpLine(op="add", bytes=1e9), OpLine(op="gemm", m=4096, n=4096, k=4096)
    plain, fused = (
        [
            piece.timed.seconds
            for piece in opwise.pieces(
                [(op(add, 4.0), "fp32"), (op(gemm, 4.0), "fp32")],
                device(V100), figures, compiled=compiled,
            )
        ]
        for compiled in (False, True)
    )  # fmt: skip
    assert fused[0] < 0.6 * plain[0]
    assert fused[1] == plain[1]


def test_a_norm_goes_over_its_rows_twice(device, figures):
    add, norm = (
        timed(device, figures, {"op": kind, "bytes": 1e9}).timed.seconds
        for kind in ("add", "layer_norm")
    )
    assert norm > 1.2 * add


def test_libraries_of_products_in_8_bits_are_further_apart(device, figures):
    line = {"op": "gemm", "m": 4096, "n": 4096, "k": 4096}
    card = device("NVIDIA L40S")
    spreads = {}
    for dtype in ("bf16", "fp8"):
        piece = timed(device, figures, line, "NVIDIA L40S", dtype)
        made = item(opwise.forecast([piece], card, figures), card, figures)
        spreads[dtype] = narrowed(made, [])[1]
    assert spreads["fp8"] > 1.2 * spreads["bf16"]
