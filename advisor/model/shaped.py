"""Torch's calls that do more than move: products, convolutions, attention, recurrence."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, NamedTuple

from advisor.operation import Op

Arguments = Sequence[Any]
Sizes = tuple[int, ...]


class Call(NamedTuple):
    """One of torch's lowest calls: its name without leading underscores, what went in and out.

    ``learned`` says of a tensor whether it is a parameter, or a view of one.
    """

    name: str
    arguments: Arguments
    out: Any
    learned: Any = staticmethod(lambda _: False)


def sizes(value: Any) -> Sizes:
    """Return a tensor's shape; () for anything else."""
    return tuple(int(n) for n in value.shape) if hasattr(value, "shape") else ()


def elements(value: Any) -> float:
    """Count the elements of a tensor, or of all tensors in a list."""
    if isinstance(value, list | tuple):
        return sum(elements(item) for item in value)
    return float(value.numel()) if hasattr(value, "numel") else 0.0


def written(call: Call) -> float:
    """Count the elements of what a call is for: the first of all that comes out."""
    return elements(call.out[0] if isinstance(call.out, list | tuple) else call.out)


def still(*values: Any) -> bool:
    """Say whether none of these tensors is trained."""
    return not any(getattr(value, "requires_grad", False) for value in values)


def named(arguments: Arguments, keywords: Mapping[str, Any], names: Sequence[str]) -> list[Any]:
    """Return a call's arguments in the order of their names, None for those not given."""
    rest = [keywords.get(name) for name in names[len(arguments) :]]
    return [*arguments[: len(names)], *rest]


def linear(arguments: Arguments, keywords: Mapping[str, Any]) -> Op:
    """Read ``linear(input, weight, bias)``."""
    x, weight, bias = named(arguments, keywords, ("input", "weight", "bias"))
    outputs, inputs = (1, *sizes(weight))[-2:]
    shape = {"m": prod(sizes(x)[:-1]), "n": outputs, "k": inputs}
    weights = elements(weight) + elements(bias)
    return Op(op="gemm", kernel="linear", shape=shape, weights=weights, frozen=still(weight, bias))


_ATTENDED = ("query", "key", "value", "attn_mask", "dropout_p", "is_causal")


def attention(arguments: Arguments, keywords: Mapping[str, Any]) -> Op:
    """Read ``scaled_dot_product_attention(query, key, value, …)``."""
    query, key, _, mask, _, causal = named(arguments, keywords, _ATTENDED)
    q, kv = sizes(query), sizes(key)
    heads, kv_heads = (s[-3] if len(s) > 2 else 1 for s in (q, kv))
    shape = {"batch": prod(q[:-3]), "heads": heads}
    shape |= {"kv_heads": kv_heads} if kv_heads != heads else {}
    shape |= {"q": q[-2], "kv": kv[-2], "d": q[-1]} | ({"causal": 1} if causal else {})
    return Op(op="attention", kernel="masked" if mask is not None else "", shape=shape)


def recurrent(arguments: Arguments, kernel: str, gates: int) -> list[Op]:
    """Read ``lstm(x, hx, weights, has_biases, layers, dropout, train, bidirectional, …)``."""
    x, weights, biases = arguments[0], arguments[2], arguments[3]
    batch_first = bool(arguments[8])
    steps, n = (sizes(x)[1], sizes(x)[0]) if batch_first else (sizes(x)[0], sizes(x)[1])
    found = []
    for group in _groups(weights, gates, 4 if biases else 2):
        hidden = sizes(group[1])[0] // gates
        shape = {"n": n, "steps": steps, "input": sizes(group[0])[1], "hidden": hidden}
        op = Op(
            op="recurrent", kernel=kernel, shape={**shape, "gates": gates},
            weights=elements(group), frozen=still(*group),
        )  # fmt: skip
        found.append(op)
    return found


def _groups(weights: Sequence[Any], gates: int, each: int) -> list[Sequence[Any]]:
    """Part the weights by layer and direction; a projection of the hidden state is one more."""
    projected = sizes(weights[1])[1] * gates != sizes(weights[0])[0]
    wide = each + 1 if projected else each
    return [weights[first : first + wide] for first in range(0, len(weights), wide)]


def convolution(call: Call) -> Op:
    """Read ``convolution(x, weight, bias, stride, padding, dilation, transposed, …, groups)``."""
    x, weight, bias, stride, padding, dilation, transposed = call.arguments[:7]
    groups = int(call.arguments[8])
    data, kernel = sizes(x), sizes(weight)
    outputs = kernel[1] * groups if transposed else kernel[0]
    deep = _depth(data, kernel, sizes(call.out), transposed=bool(transposed))
    data, kernel = _planar(data), _planar(kernel)
    shape = {"n": data[0] * deep[0], "c": data[1] * deep[1], "h": data[2], "w": data[3]}
    shape |= {"k": outputs * deep[2], "r": kernel[2], "s": kernel[3]}
    given = (("stride", stride, 1), ("padding", padding, 0), ("dilation", dilation, 1))
    for word, pair, usual in given:
        shape |= _pair(word, [usual, *pair][-2:] if len(pair) == 1 else list(pair)[-2:], usual)
    if groups > 1:
        shape["groups"] = groups
    if transposed:
        shape["transposed"] = 1
    if len(sizes(x)) == 5:
        shape |= {"depth": sizes(x)[2], "t": sizes(weight)[2]}
        shape |= {f"{word}_d": int(along[0]) for word, along, _ in given}
    weights = elements(weight) + elements(bias)
    return Op(op="conv", kernel=call.name, shape=shape, weights=weights, frozen=still(weight, bias))


def _depth(data: Sizes, kernel: Sizes, out: Sizes, *, transposed: bool) -> tuple[int, int, int]:
    """Return factors on images, channels in and out that make a volume's convolution a flat one.

    Each slice of the output sees as many slices of the input as the kernel is deep: the work is
    the same, and the input is counted once for each slice that reads it.
    """
    if len(data) < 5:
        return 1, 1, 1
    return (data[2], 1, kernel[2]) if transposed else (out[2], kernel[2], 1)


def _planar(shape: Sizes) -> Sizes:
    """Give a signal of one dimension a height of 1, and leave the depth of a volume out."""
    if len(shape) == 3:
        return (shape[0], shape[1], 1, shape[2])
    return (shape[0], shape[1], shape[-2], shape[-1])


def pool(call: Call) -> Op:
    """Read ``max_pool2d_with_indices(x, window, stride, padding, …)`` and its like."""
    x, window, stride, padding, *_ = (*call.arguments, (), 0)[:4]
    dims = next(int(letter) for letter in call.name if letter.isdigit())
    data = (1, 1, 1, *sizes(x))
    shape = {"c": data[-dims - 1], "h": data[-2] if dims > 1 else 1, "w": data[-1]}
    window = _sides(window, dims, 1)
    shape |= {"r": window[1], "s": window[2]}
    given = (("stride", stride or window, 1), ("padding", padding, 0))
    for word, sides, usual in given:
        shape |= _pair(word, list(_sides(sides, dims, usual)[1:]), usual)
    if dims > 2:
        shape |= {"depth": data[-3], "t": window[0]}
        shape |= {f"{word}_d": _sides(sides, dims, usual)[0] for word, sides, usual in given}
    return Op(op="pool", kernel=call.name, shape=shape, reads=elements(x), writes=written(call))


def _sides(value: Any, dims: int, usual: int) -> tuple[int, ...]:
    """Return what is told of one side, or of all, for depth, height and width."""
    told = list(value) if isinstance(value, list | tuple) else [value]
    sides = (told * dims)[-dims:] if len(told) < dims else told[-dims:]
    return tuple(int(side) for side in (*[usual] * 3, *sides)[-3:])


def _pair(word: str, pair: list[int], usual: int) -> dict[str, int]:
    high, wide = (pair * 2)[:2]
    found = {word: int(high)} if high != usual or wide != high else {}
    return found | ({f"{word}_w": int(wide)} if wide != high else {})


def product(call: Call) -> Op:
    """Read mm, bmm, mv and their adding forms: the last two tensors are multiplied.

    Where one side is a parameter it is the weights; to its left, the product is read transposed.
    """
    given = [value for value in call.arguments if len(sizes(value)) > 0]
    left, right = given[-2:]
    bias = elements(given[-3]) if len(given) > 2 and call.learned(given[-3]) else 0.0
    rows, columns = sizes(left), sizes(right)
    if len(columns) == 1:
        columns = (*columns, 1)
    if len(rows) == 1:
        rows = (1, *rows)
    shape = {"m": rows[-2], "n": columns[-1], "k": rows[-1]}
    if len(rows) > 2:
        return Op(op="gemm", kernel="matmul", shape=shape | {"batch": prod(rows[:-2])})
    if call.learned(right):
        weights, frozen = elements(right) + bias, still(right)
        return Op(op="gemm", kernel="linear", shape=shape, weights=weights, frozen=frozen)
    if call.learned(left):
        turned = {"m": shape["n"], "n": shape["m"], "k": shape["k"]}
        weights, frozen = elements(left) + bias, still(left)
        return Op(op="gemm", kernel="linear", shape=turned, weights=weights, frozen=frozen)
    return Op(op="gemm", kernel="matmul", shape=shape)
