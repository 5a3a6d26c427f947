"""What torch's calls mean: each is an op with a shape, whatever wrote it."""

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any, NamedTuple

from advisor.operation import Op, OpKind

Arguments = Sequence[Any]
Sizes = tuple[int, ...]


class Call(NamedTuple):
    """One of torch's lowest calls: its name without leading underscores, what went in and out."""

    name: str
    arguments: Arguments
    out: Any


def sizes(value: Any) -> Sizes:
    """Return a tensor's shape; () for anything else."""
    return tuple(int(n) for n in value.shape) if hasattr(value, "shape") else ()


def elements(value: Any) -> float:
    """Count the elements of a tensor, or of all tensors in a list."""
    if isinstance(value, list | tuple):
        return sum(elements(item) for item in value)
    return float(value.numel()) if hasattr(value, "numel") else 0.0


def linear(arguments: Arguments) -> Op:
    """Read ``linear(x, weight, bias)``."""
    x, weight = arguments[0], arguments[1]
    outputs, inputs = sizes(weight)
    bias = elements(arguments[2]) if len(arguments) > 2 else 0.0
    shape = {"m": prod(sizes(x)[:-1]), "n": outputs, "k": inputs}
    return Op(op="gemm", kernel="linear", shape=shape, weights=elements(weight) + bias)


def attention(arguments: Arguments, keywords: Mapping[str, Any]) -> Op:
    """Read ``scaled_dot_product_attention(query, key, value, …)``."""
    query, key = sizes(arguments[0]), sizes(arguments[1])
    causal = keywords.get("is_causal") or (len(arguments) > 5 and arguments[5])
    mask = keywords.get("attn_mask", arguments[3] if len(arguments) > 3 else None)
    shape = {"batch": prod(query[:-3]), "heads": query[-3] if len(query) > 2 else 1}
    shape |= {"q": query[-2], "kv": key[-2], "d": query[-1]}
    if causal:
        shape["causal"] = 1
    return Op(op="attention", kernel="masked" if mask is not None else "", shape=shape)


def recurrent(arguments: Arguments, kernel: str, gates: int) -> list[Op]:
    """Read ``lstm(x, hx, weights, has_biases, layers, dropout, train, bidirectional, …)``."""
    x, weights, biases = arguments[0], arguments[2], arguments[3]
    batch_first = bool(arguments[8])
    steps, n = (sizes(x)[1], sizes(x)[0]) if batch_first else (sizes(x)[0], sizes(x)[1])
    each = 4 if biases else 2
    found = []
    for first in range(0, len(weights), each):
        group = weights[first : first + each]
        shape = {"n": n, "steps": steps, "input": sizes(group[0])[1], "hidden": sizes(group[1])[1]}
        op = Op(
            op="recurrent", kernel=kernel, shape={**shape, "gates": gates}, weights=elements(group)
        )
        found.append(op)
    return found


def _convolution(call: Call) -> Op:
    x, weight, bias, stride, padding, dilation, transposed = call.arguments[:7]
    groups = int(call.arguments[8])
    data, kernel = _planar(sizes(x)), _planar(sizes(weight))
    one = len(sizes(x)) == 3
    down, across = ([1, *stride], [0, *padding]) if one else (stride, padding)
    spread = [1, *dilation] if one else dilation
    outputs = kernel[1] * groups if transposed else kernel[0]
    shape = {"n": data[0], "c": data[1], "h": data[2], "w": data[3], "k": outputs}
    shape |= {"r": kernel[2], "s": kernel[3]}
    for word, pair, usual in (("stride", down, 1), ("padding", across, 0), ("dilation", spread, 1)):
        shape |= _pair(word, list(pair), usual)
    if groups > 1:
        shape["groups"] = groups
    if transposed:
        shape["transposed"] = 1
    return Op(op="conv", kernel=call.name, shape=shape, weights=elements(weight) + elements(bias))


def _planar(shape: Sizes) -> Sizes:
    """Give a signal of one dimension a height of 1; a volume's depth is folded into its batch."""
    if len(shape) == 3:
        return (shape[0], shape[1], 1, shape[2])
    return shape if len(shape) == 4 else (shape[0], shape[1], prod(shape[2:-1]), shape[-1])


def _pair(word: str, pair: list[int], usual: int) -> dict[str, int]:
    high, wide = (pair * 2)[:2]
    found = {word: int(high)} if high != usual or wide != high else {}
    return found | ({f"{word}_w": int(wide)} if wide != high else {})


def _product(call: Call) -> Op:
    """Read mm, bmm and their adding forms: the last two tensors are multiplied."""
    left, right = (sizes(value) for value in call.arguments[-2:])
    shape = {"m": left[-2], "n": right[-1], "k": left[-1]}
    if len(left) > 2:
        shape["batch"] = prod(left[:-2])
    return Op(op="gemm", kernel="matmul", shape=shape)


def _moving(kind: OpKind) -> Callable[[Call], Op]:
    def read(call: Call) -> Op:
        first = call.out[0] if isinstance(call.out, list | tuple) else call.out
        reads = elements(list(call.arguments))
        return Op(op=kind, kernel=call.name, reads=reads, writes=elements(first))

    return read


def _normal(call: Call) -> Op:
    affine = sum(elements(a) for a in call.arguments[1:] if len(sizes(a)) == 1)
    count = elements(call.arguments[0])
    # A mean, a variance, and one multiply-add an element.
    return Op(
        op="norm", kernel=call.name.removeprefix("native_"),
        reads=count, writes=count, weights=affine, flops=8 * count,
    )  # fmt: skip


def _gathered(call: Call) -> Op:
    moved = elements(call.out)
    learned = getattr(call.arguments[0], "requires_grad", False)
    fixed = call.name == "embedding" and not learned
    return Op(op="embedding", kernel="fixed" if fixed else call.name, reads=moved, writes=moved)


_COPIES = (
    *("clone", "cat", "stack", "copy_", "_to_copy", "constant_pad_nd", "roll", "flip", "repeat"),
    *("upsample_nearest2d", "upsample_bilinear2d", "pixel_shuffle", "zeros", "full"),
)
_TABLE: dict[str, Callable[[Call], Op]] = {
    "convolution": _convolution,
    **dict.fromkeys(("mm", "addmm", "bmm", "baddbmm"), _product),
    **dict.fromkeys(("_softmax", "_log_softmax", "_safe_softmax"), _moving("softmax")),
    **dict.fromkeys(
        ("max_pool2d_with_indices", "avg_pool2d", "_adaptive_avg_pool2d", "mean", "sum", "amax"),
        _moving("pool"),
    ),
    **dict.fromkeys(_COPIES, _moving("copy")),
    **dict.fromkeys(
        ("native_layer_norm", "native_batch_norm", "native_group_norm", "_fused_rms_norm"), _normal
    ),
    **dict.fromkeys(("embedding", "gather", "index_select", "index", "_embedding_bag"), _gathered),
}


def read(name: str, arguments: Arguments, out: Any) -> Op:
    """Read one of torch's lowest calls by its name; what is not in the table moves its elements."""
    return _TABLE.get(name, _moving("elementwise"))(Call(name.lstrip("_"), arguments, out))
