"""Language models as ops: the prefill of a prompt, and one decoded token of every sequence."""

from collections.abc import Iterable

import msgspec

from advisor.estimate import Plan
from advisor.operation import Op
from advisor.predict.figures import BYTES, stored_bytes
from advisor.workload import LanguageModel


def ops(model: LanguageModel, phase: str, batch: int) -> list[Op]:
    """Return the ops of one prefill, or of one decoding step, in their full shapes."""
    tokens = model.prompt if phase == "prefill" else 1
    rows = batch * tokens
    kept = rows * model.hidden
    layer = [
        Op(op="norm", kernel="rms_norm", count=2, reads=kept, writes=kept, weights=model.hidden),
        _linear(rows, (model.heads + 2 * model.kv_heads) * model.head_size, model.hidden),
        _attention(model, phase, batch, tokens),
        _linear(rows, model.hidden, model.heads * model.head_size),
        Op(op="elementwise", kernel="add", count=2, reads=2 * kept, writes=kept),
        *_feed_forward(model, rows),
    ]
    head = [
        Op(op="embedding", reads=kept, writes=kept),
        # Only the last token of each sequence is projected onto the vocabulary.
        _linear(batch, model.vocabulary, model.hidden),
    ]
    repeated = [_times(op, model.layers) for op in layer]
    return [*repeated, *head]


def packed(ops: Iterable[Op], plan: Plan) -> list[Op]:
    """Return the ops with as many weights as fill the bytes that the plan stores them in."""
    share = stored_bytes(plan.precision) / BYTES[plan.dtype]
    return [
        msgspec.structs.replace(op, weights=op.weights * share) if op.op == "gemm" else op
        for op in ops
    ]


def _times(op: Op, count: int) -> Op:
    return msgspec.structs.replace(op, count=op.count * count)


def _linear(rows: int, outputs: int, inputs: int, count: int = 1) -> Op:
    shape = {"m": rows, "n": outputs, "k": inputs}
    return Op(op="gemm", kernel="linear", count=count, shape=shape, weights=1.0 * outputs * inputs)


def _attention(model: LanguageModel, phase: str, batch: int, tokens: int) -> Op:
    shape = {"batch": batch, "heads": model.heads, "kv_heads": model.kv_heads, "d": model.head_size}
    if phase == "prefill":
        return Op(op="attention", shape={**shape, "q": tokens, "kv": tokens, "causal": 1})
    return Op(op="attention", shape={**shape, "q": 1, "kv": model.context})


def experts_read(model: LanguageModel, rows: int) -> float:
    """Return how many different experts a layer reads for so many tokens, if each picks evenly."""
    missed = (1 - model.experts_used / model.experts) ** rows
    return model.experts * (1 - missed)


def _feed_forward(model: LanguageModel, rows: int) -> list[Op]:
    distinct = max(round(experts_read(model, rows)), 1)
    each = max(round(rows * model.experts_used / distinct), 1)
    up = 2 if model.gated else 1
    inner = each * model.intermediate
    return [
        _linear(each, up * model.intermediate, model.hidden, distinct),
        Op(op="elementwise", kernel="silu", count=distinct, reads=up * inner, writes=inner),
        _linear(each, model.hidden, model.intermediate, distinct),
    ]


def cache_elements(model: LanguageModel, phase: str, batch: int) -> float:
    """Return the elements of the key-value cache that a step needs."""
    return 1.0 * batch * model.kv_elements * (model.prompt if phase == "prefill" else model.context)
