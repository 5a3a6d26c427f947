"""A language model's training as a graph: one sequence forward, with the loss of every word.

Shapes are those of the reference network (`advisor.model.networks.decoder`), which the tests trace.
"""

import msgspec

from advisor.operation import Op, OpGraph
from advisor.workload import LanguageModel

# Elements that a layer keeps of a token for its backward pass, in widths: norms and residuals
# (fewer where their weights are frozen), the attention's operands, the gated block; counted in
# traces of the reference network.
_HIDDEN, _HIDDEN_FROZEN, _HIDDEN_EXPERT = 6, 4, 3
_ACROSS, _NARROW, _INNER, _RANK = 2, 2, 4, 7
# Scores, their logarithms and their gradient, for every word.
_SCORES = 3


def graph(model: LanguageModel) -> OpGraph:
    """Return one sequence as long as the prompt; with adapters, all other weights are frozen."""
    tokens = model.prompt
    kept = 1.0 * tokens * model.hidden
    head = Op(op="embedding", kernel="fixed" if model.adapters else "embedding", reads=kept,
              writes=kept)  # fmt: skip
    words = _linear(model, tokens, model.vocabulary, model.hidden, 1)
    scores = 1.0 * tokens * model.vocabulary
    return OpGraph(
        ops=(
            head,
            *_attention(model, tokens),
            *_inner(model, tokens),
            msgspec.structs.replace(words, tied=model.tied),
            Op(op="softmax", kernel="log_softmax", reads=scores, writes=scores),
        ),
        parameters=model.parameters + model.adapted,
        activations=tokens * (model.layers * _layer(model) + _SCORES * model.vocabulary),
        workspace=tokens * (2.0 * model.vocabulary + 6.0 * model.hidden),
        inputs=1.0 * tokens,
    )


def _layer(model: LanguageModel) -> float:
    """Return the elements that one layer keeps of one token."""
    mixed = model.experts > 1
    used = model.experts_used if mixed else 1
    widths = _HIDDEN_FROZEN if model.adapters else _HIDDEN
    widths += _HIDDEN_EXPERT * used if mixed else 0
    inner = _INNER * used * model.intermediate
    across, narrow = model.heads * model.head_size, model.kv_heads * model.head_size
    attended = _ACROSS * across + _NARROW * narrow
    return 1.0 * widths * model.hidden + attended + inner + _RANK * model.adapters


def kept_share(model: LanguageModel) -> float:
    """Return the share of the activations that is kept where each layer is computed anew.

    What enters a layer is kept, one layer whole, and the scores.
    """
    scores = _SCORES * model.vocabulary
    anew = model.layers * model.hidden + _layer(model) + scores
    return anew / (model.layers * _layer(model) + scores)


def _linear(model: LanguageModel, rows: int, outputs: int, inputs: int, count: int) -> Op:
    shape = {"m": rows, "n": outputs, "k": inputs}
    return Op(
        op="gemm", kernel="linear", count=count, shape=shape, weights=1.0 * outputs * inputs,
        frozen=bool(model.adapters),
    )  # fmt: skip


def _adapted(model: LanguageModel, rows: int, outputs: int, inputs: int, count: int) -> list[Op]:
    """Return a projection, and the adapter beside it."""
    ops = [_linear(model, rows, outputs, inputs, count)]
    rank = model.adapters
    if rank:
        for n, k in ((rank, inputs), (outputs, rank)):
            shape = {"m": rows, "n": n, "k": k}
            weights = 1.0 * n * k
            ops.append(Op(op="gemm", kernel="linear", count=count, shape=shape, weights=weights))
        made = 1.0 * rows * outputs
        ops.append(Op(op="elementwise", kernel="add", count=count, reads=2 * made, writes=made))
    return ops


def _normal(model: LanguageModel, tokens: int) -> list[Op]:
    """Return the norm and the shortcut of one part of every layer."""
    moved = 1.0 * tokens * model.hidden
    return [
        Op(op="norm", kernel="rms_norm", count=model.layers, reads=moved, writes=moved,
           weights=model.hidden, flops=4 * moved),
        Op(op="elementwise", kernel="add", count=model.layers, reads=2 * moved, writes=moved),
    ]  # fmt: skip


def _attention(model: LanguageModel, tokens: int) -> list[Op]:
    layers, hidden = model.layers, model.hidden
    across, narrow = model.heads * model.head_size, model.kv_heads * model.head_size
    turned = 1.0 * tokens * (across + narrow)
    shape = {"batch": 1, "heads": model.heads, "kv_heads": model.kv_heads, "q": tokens,
             "kv": tokens, "d": model.head_size, "causal": 1}  # fmt: skip
    return [
        *_normal(model, tokens),
        *_adapted(model, tokens, across, hidden, layers),
        *_adapted(model, tokens, narrow, hidden, 2 * layers),
        # Positions are turned by two products, a swap of halves and a sum.
        Op(op="elementwise", kernel="mul", count=2 * layers, reads=turned, writes=turned),
        Op(op="copy", kernel="cat", count=layers, reads=turned, writes=turned),
        Op(op="elementwise", kernel="add", count=layers, reads=2 * turned, writes=turned),
        Op(op="attention", count=layers, shape=shape),
        *_adapted(model, tokens, hidden, across, layers),
    ]


def _inner(model: LanguageModel, tokens: int) -> list[Op]:
    """Return the feed-forward blocks: each expert sees its even part of the tokens."""
    mixed = model.experts > 1
    rows = max(round(tokens * model.experts_used / model.experts), 1) if mixed else tokens
    count = model.layers * model.experts
    made = 1.0 * rows * model.intermediate
    ups = 2 if model.gated else 1
    router = _linear(model, tokens, model.experts, model.hidden, model.layers)
    gate = Op(op="elementwise", kernel="mul", count=count, reads=2 * made, writes=made)
    return [
        *_normal(model, tokens),
        *([router] if mixed else []),
        *_adapted(model, rows, model.intermediate, model.hidden, ups * count),
        Op(op="elementwise", kernel="silu", count=count, reads=made, writes=made),
        *([gate] if model.gated else []),
        *_adapted(model, rows, model.hidden, model.intermediate, count),
    ]
