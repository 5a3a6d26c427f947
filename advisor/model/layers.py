"""A transformer's layers as ops, from their sizes alone."""

from collections.abc import Sequence

import msgspec

from advisor.operation import Op, OpGraph, work

# Elements that a layer keeps for its backward pass, per token: both norms' and residuals' outputs,
# queries, keys, values, the attention's output and the projections' (counted in a trace of ViT).
_KEPT_WIDTHS, _KEPT_INNERS = 11, 2
# Alive at once in a pass without gradients, counted likewise.
_ALIVE_WIDTHS, _ALIVE_INNERS = 6, 2


class Shape(msgspec.Struct, frozen=True):
    """The sizes of one side of a transformer."""

    width: int
    heads: int
    head: int
    inner: int
    layers: int


def linear(rows: int, outputs: int, inputs: int, count: int = 1) -> Op:
    """Return a linear layer with a bias."""
    shape = {"m": rows, "n": outputs, "k": inputs}
    weights = 1.0 * outputs * inputs + outputs
    return Op(op="gemm", kernel="linear", count=count, shape=shape, weights=weights)


def embedded(tokens: int, width: int) -> Op:
    """Return the look-up of the words of a sample."""
    moved = 1.0 * tokens * width
    return Op(op="embedding", kernel="embedding", reads=moved, writes=moved)


def _attention(shape: Shape, queries: int, keys: int, *, causal: bool = False) -> list[Op]:
    across, n = shape.heads * shape.head, shape.layers
    sizes = {"heads": shape.heads, "q": queries, "kv": keys, "d": shape.head}
    return [
        linear(queries, across, shape.width, n),
        linear(keys, across, shape.width, 2 * n),
        Op(op="attention", count=n, shape=sizes | ({"causal": 1} if causal else {})),
        linear(queries, shape.width, across, n),
        *_around(shape, queries),
    ]


def _around(shape: Shape, tokens: int) -> list[Op]:
    """Return the norm and the residual of one part of every layer."""
    moved = 1.0 * tokens * shape.width
    affine = 2.0 * shape.width
    return [
        Op(op="norm", kernel="layer_norm", count=shape.layers, reads=moved, writes=moved,
           weights=affine, flops=8 * moved),
        Op(op="elementwise", kernel="add", count=shape.layers, reads=2 * moved, writes=moved),
    ]  # fmt: skip


def _feed_forward(shape: Shape, tokens: int, *, gated: bool) -> list[Op]:
    inner = 1.0 * tokens * shape.inner
    ups = 2 if gated else 1
    return [
        linear(tokens, shape.inner, shape.width, ups * shape.layers),
        Op(op="elementwise", kernel="gelu", count=shape.layers, reads=inner, writes=inner),
        linear(tokens, shape.width, shape.inner, shape.layers),
        *_around(shape, tokens),
    ]


def encoder(shape: Shape, tokens: int, *, gated: bool = False) -> list[Op]:
    """Return the ops of an encoder over so many tokens."""
    return [*_attention(shape, tokens, tokens), *_feed_forward(shape, tokens, gated=gated)]


def decoder(
    shape: Shape, tokens: int, remembered: int, words: int, *, gated: bool = False
) -> list[Op]:
    """Return the ops of a decoder that attends to an encoder, with scores of all words."""
    return [
        embedded(tokens, shape.width),
        *_attention(shape, tokens, tokens, causal=True),
        *_attention(shape, tokens, remembered),
        *_feed_forward(shape, tokens, gated=gated),
        linear(tokens, words, shape.width),
    ]


def gathered(ops: Sequence[Op], shape: Shape, tokens: int, besides: float) -> OpGraph:
    """Return the graph; ``besides`` are parameters that no op reads whole, as of embeddings."""
    weights = sum(op.count * _weights(op) for op in ops)
    kept = _KEPT_WIDTHS * shape.width + _KEPT_INNERS * shape.inner
    alive = _ALIVE_WIDTHS * shape.width + _ALIVE_INNERS * shape.inner
    return OpGraph(
        ops=tuple(ops),
        parameters=weights + besides,
        activations=1.0 * tokens * kept * shape.layers,
        workspace=1.0 * tokens * alive,
        inputs=1.0 * tokens,
    )


def _weights(op: Op) -> float:
    return op.weights or (work(op).weights if op.op == "conv" else 0.0)
