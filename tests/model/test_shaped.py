"""Products, attention and recurrence are read as torch computes them."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch

from advisor.model import shaped  # noqa: E402 - needs torch
from advisor.model.shaped import Call  # noqa: E402 - needs torch
from advisor.operation import work  # noqa: E402


def tensor(*shape):
    return torch.empty(*shape, device="meta")


WEIGHT = tensor(3, 5)


@pytest.mark.parametrize(
    ("arguments", "shape", "weights"),
    [
        ((tensor(2, 3), WEIGHT), {"m": 2, "n": 5, "k": 3}, 15),
        ((tensor(5), tensor(2, 3), WEIGHT), {"m": 2, "n": 5, "k": 3}, 15),
        ((WEIGHT, tensor(5, 7)), {"m": 7, "n": 3, "k": 5}, 15),
        ((WEIGHT, tensor(5)), {"m": 1, "n": 3, "k": 5}, 15),
        ((tensor(2, 3), tensor(3, 5)), {"m": 2, "n": 5, "k": 3}, 0),
        ((tensor(4, 2, 3), tensor(4, 3, 5)), {"m": 2, "n": 5, "k": 3, "batch": 4}, 0),
    ],
)
def test_a_parameter_on_either_side_is_the_weights(arguments, shape, weights):
    op = shaped.product(Call("mm", arguments, None, lambda t: t is WEIGHT))
    assert (op.shape, op.weights) == (shape, weights)


def test_keywords_stand_for_places():
    x, w = tensor(2, 3, 4), tensor(6, 4)
    assert shaped.linear((x,), {"weight": w, "bias": None}).shape == {"m": 6, "n": 6, "k": 4}
    q, k = tensor(1, 8, 10, 16), tensor(1, 2, 12, 16)
    found = shaped.attention((), {"query": q, "key": k, "value": k, "is_causal": True})
    assert found.shape == {
        "batch": 1, "heads": 8, "kv_heads": 2, "q": 10, "kv": 12, "d": 16, "causal": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    "options", [{}, {"bias": False}, {"proj_size": 8}, {"bidirectional": True}]
)
def test_every_weight_of_a_recurrent_layer_is_in_one_op(options):
    layer = torch.nn.LSTM(16, 32, 3, device="meta", **options)
    biases, both = layer.bias, layer.bidirectional
    flat = layer._flat_weights
    arguments = (tensor(10, 4, 16), None, flat, biases, 3, 0.0, False, both, False)
    found = shaped.recurrent(arguments, "lstm", 4)
    assert len(found) == 3 * (2 if both else 1)
    assert sum(op.weights for op in found) == sum(w.numel() for w in flat)
    assert {op.shape["hidden"] for op in found} == {32}


def test_a_weight_without_gradient_is_frozen():
    layer = torch.nn.Linear(4, 6, device="meta")
    assert not shaped.linear((tensor(2, 4), layer.weight, layer.bias), {}).frozen
    layer.requires_grad_(False)
    assert shaped.linear((tensor(2, 4), layer.weight, layer.bias), {}).frozen


def test_transposed_volumes():
    layer = torch.nn.ConvTranspose3d(8, 4, 2, 2, device="meta")
    x = tensor(2, 8, 4, 6, 6)
    out = layer(x)
    rest = (layer.stride, layer.padding, layer.dilation, True, layer.output_padding, 1)
    op = shaped.convolution(Call("convolution", (x, layer.weight, layer.bias, *rest), out))
    assert work(op).flops == 2 * x.numel() * 4 * 2**3
    assert work(op).writes == out.numel()
