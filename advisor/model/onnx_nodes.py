"""What the kinds of ONNX nodes mean: each is an op with a shape."""

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any, NamedTuple

from advisor.model.words import words
from advisor.operation import Op, OpKind

Shape = tuple[int, ...]


class Node(NamedTuple):
    """A node with the shapes of what it takes and gives; ``fixed`` are weights and constants."""

    kind: str
    inputs: tuple[Shape, ...]
    output: Shape
    fixed: tuple[bool, ...]
    attributes: Mapping[str, Any]


def op(node: Node) -> list[Op]:
    """Read a node; what is not known moves its elements."""
    return _TABLE.get(node.kind, _moving("elementwise"))(node)


def known(kind: str) -> bool:
    """Say whether the table has a kind."""
    return kind in _TABLE


def _input(node: Node, index: int) -> Shape:
    return node.inputs[index] if index < len(node.inputs) else ()


def _moving(kind: OpKind) -> Callable[[Node], list[Op]]:
    def read(node: Node) -> list[Op]:
        moved = [(prod(s), f) for s, f in zip(node.inputs, node.fixed, strict=True) if s]
        return [
            Op(
                op=kind,
                kernel=node.kind.lower(),
                reads=float(sum(size for size, fixed in moved if not fixed)),
                weights=float(sum(size for size, fixed in moved if fixed)),
                writes=float(prod(node.output)),
            )
        ]

    return read


def _normal(node: Node) -> list[Op]:
    count = float(prod(node.inputs[0]))
    affine = float(sum(prod(s) for s in node.inputs[1:] if s))
    kernel = _NORMS[node.kind]
    # A mean, a variance, and one multiply-add an element.
    return [
        Op(op="norm", kernel=kernel, reads=count, writes=count, weights=affine, flops=8 * count)
    ]


def _pair(values: Sequence[int], usual: int) -> tuple[int, int]:
    """Return the last two of as many sizes as there are dimensions."""
    pair = [usual, usual, *values][-2:]
    return int(pair[0]), int(pair[1])


def _conv(node: Node) -> list[Op]:
    x, weight = node.inputs[0], node.inputs[3 if node.kind == "QLinearConv" else 1]
    transposed, groups = node.kind == "ConvTranspose", int(node.attributes.get("group", 1))
    image, window = ((*s[:2], 1, s[2]) if len(s) == 3 else s for s in (x, weight))
    deep = _depth(image, window, node.output, transposed=transposed)
    outputs = weight[1] * groups if transposed else weight[0]
    shape = {"n": image[0] * deep[0], "c": image[1] * deep[1], "h": image[-2], "w": image[-1]}
    shape |= {"k": outputs * deep[2], "r": window[-2], "s": window[-1]}
    for word, usual in (("stride", 1), ("dilation", 1)):
        shape |= _sizes(word, _pair(node.attributes.get(f"{word}s", ()), usual), usual)
    shape |= _sizes("padding", _padding(shape, node, transposed=transposed), 0)
    shape |= ({"groups": groups} if groups > 1 else {}) | ({"transposed": 1} if transposed else {})
    bias = prod(node.inputs[2]) if len(node.inputs) == 3 and node.inputs[2] else 0
    return [Op(op="conv", kernel="convolution", shape=shape, weights=1.0 * prod(weight) + bias)]


def _depth(image: Shape, window: Shape, out: Shape, *, transposed: bool) -> tuple[int, int, int]:
    """Return factors on images, channels in and out that make a volume's convolution a flat one."""
    if len(image) < 5:
        return 1, 1, 1
    return (image[2], 1, window[2]) if transposed else (out[2], window[2], 1)


def _sizes(word: str, pair: tuple[int, int], usual: int) -> dict[str, int]:
    high, wide = pair
    found = {word: high} if high != usual or wide != high else {}
    return found | ({f"{word}_w": wide} if wide != high else {})


def _padding(shape: Mapping[str, int], node: Node, *, transposed: bool) -> tuple[int, int]:
    """Return the padding on one side that gives the output's size, however the file states it."""
    found = []
    ends = (1, node.output[-1]) if len(node.output) == 3 else node.output[-2:]
    for size, kernel, suffix, out in (("h", "r", "", ends[0]), ("w", "s", "_w", ends[1])):
        stride, dilation = (
            shape.get(f"{word}{suffix}", shape.get(word, 1)) for word in ("stride", "dilation")
        )
        reach = dilation * (shape[kernel] - 1) + 1
        if transposed:
            lacking = (shape[size] - 1) * stride + reach - out
        else:
            lacking = (out - 1) * stride + reach - shape[size]
        found.append(max((lacking + 1) // 2, 0))
    return found[0], found[1]


def _pool(node: Node) -> list[Op]:
    """Read a pool over windows, under torch's name of it."""
    data = node.inputs[0]
    window = tuple(int(side) for side in node.attributes.get("kernel_shape", ()))
    if not 0 < len(window) <= min(len(data), 3):
        return _moving("pool")(node)
    image, kernel = (1, 1, 1, *data), (1, 1, *window)
    shape = {"c": image[-len(window) - 1], "h": image[-2] if len(window) > 1 else 1}
    shape |= {"w": image[-1], "r": kernel[-2], "s": kernel[-1]}
    shape |= _sizes("stride", _pair(node.attributes.get("strides", ()), 1), 1)
    shape |= _sizes("padding", _padding(shape, node, transposed=False), 0)
    if len(window) == 3:
        stride = int((*node.attributes.get("strides", ()), 1)[0])
        shape |= {"depth": data[-3], "t": window[0], "stride_d": stride, "padding_d": 0}
    dims = max(len(window), 2)
    kernel_name = f"max_pool{dims}d_with_indices" if node.kind == "MaxPool" else f"avg_pool{dims}d"
    reads, writes = float(prod(data)), float(prod(node.output))
    return [Op(op="pool", kernel=kernel_name, shape=shape, reads=reads, writes=writes)]


def _matmul(node: Node) -> list[Op]:
    """Read a product; a right side that is a matrix of weights is shared by all rows."""
    quantized = node.kind == "QLinearMatMul"
    left, right = node.inputs[0], node.inputs[3 if quantized else 1]
    learned = node.fixed[3 if quantized else 1]
    left = (1, *left) if len(left) == 1 else left
    right = (*right, 1) if len(right) == 1 else right
    if node.fixed[0] and not learned and len(left) == 2 and len(right) == 2:
        left, right, learned = right[::-1], left[::-1], True
    if len(right) == 2:
        shape = {"m": prod(left[:-1]), "n": right[1], "k": left[-1]}
        weights = 1.0 * prod(right) if learned or len(left) > 2 else 0.0
        return [
            Op(op="gemm", kernel="linear" if weights else "matmul", shape=shape, weights=weights)
        ]
    batch = max(prod(left[:-2]), prod(right[:-2]))
    shape = {"m": left[-2], "n": right[-1], "k": left[-1], "batch": batch}
    return [Op(op="gemm", kernel="matmul", shape=shape)]


def _gemm(node: Node) -> list[Op]:
    left, right = node.inputs[0], node.inputs[1]
    rows, inner = left[::-1] if node.attributes.get("transA") else left
    columns = right[0] if node.attributes.get("transB") else right[1]
    bias = prod(_input(node, 2)) if _input(node, 2) and node.fixed[2] else 0
    weights = 1.0 * prod(right) + bias if node.fixed[1] else 0.0
    shape = {"m": rows, "n": columns, "k": inner}
    return [Op(op="gemm", kernel="linear" if weights else "matmul", shape=shape, weights=weights)]


def _einsum(node: Node) -> list[Op]:
    """Read a contraction of two: what only one side has are its rows, what both keep the batch."""
    left, arrow, out = str(node.attributes.get("equation", "")).replace(" ", "").partition("->")
    terms = left.split(",")
    if not arrow or len(terms) != 2 or "." in left:
        return _moving("elementwise")(node)
    size = {
        c: n for t, s in zip(terms, node.inputs, strict=True) for c, n in zip(t, s, strict=False)
    }
    first, second = (set(t) for t in terms)

    def total(letters: set[str]) -> int:
        return prod(size.get(c, 1) for c in letters)

    shape = {"m": total(first - second), "n": total(second - first)}
    shape |= {"k": total((first & second) - set(out)), "batch": total(first & second & set(out))}
    weights = 1.0 * prod(node.inputs[1]) if node.fixed[1] and shape["batch"] == 1 else 0.0
    return [Op(op="gemm", kernel="matmul", shape=shape, weights=weights)]


_GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}


def _recurrent(node: Node) -> list[Op]:
    x, w, r = node.inputs[:3]
    first = bool(node.attributes.get("layout", 0))
    hidden = r[-1]
    shape = {"n": x[0 if first else 1], "steps": x[1 if first else 0], "input": w[-1]}
    shape |= {"hidden": hidden, "gates": _GATES[node.kind]}
    weights = 1.0 * (prod(w) + prod(r) + prod(_input(node, 3) or (0,))) / w[0]
    kernel = {"RNN": "rnn_tanh"}.get(node.kind, node.kind.lower())
    return [Op(op="recurrent", kernel=kernel, count=w[0], shape=shape, weights=weights)]


def _attention(node: Node) -> list[Op]:
    """Read the standard's own attention; of three dimensions, the heads are told beside."""
    q, k = node.inputs[0], node.inputs[1]
    heads = int(node.attributes.get("q_num_heads", q[1] if len(q) == 4 else 1))
    kv_heads = int(node.attributes.get("kv_num_heads", k[1] if len(k) == 4 else heads))
    shape = {"batch": q[0], "heads": heads, "q": q[-2], "kv": k[-2]}
    shape |= {"d": q[-1] if len(q) == 4 else max(q[-1] // heads, 1)}
    shape |= {"kv_heads": kv_heads} if kv_heads != heads else {}
    shape |= {"causal": 1} if node.attributes.get("is_causal") else {}
    return [Op(op="attention", shape=shape)]


def _gathered(node: Node) -> list[Op]:
    moved = float(prod(node.output))
    kernel = "embedding" if node.fixed[0] else "gather"
    return [Op(op="embedding", kernel=kernel, reads=moved, writes=moved)]


def _scattered(node: Node) -> list[Op]:
    whole, source = float(prod(node.inputs[0])), float(prod(node.inputs[2]))
    kernel = node.kind.lower()
    return [Op(op="embedding", kernel=kernel, reads=whole + 2 * source, writes=whole + source)]


_NORMS = {
    "BatchNormalization": "batch_norm", "LayerNormalization": "layer_norm",
    "InstanceNormalization": "batch_norm", "GroupNormalization": "group_norm",
    "RMSNormalization": "rms_norm", "LRN": "lrn", "MeanVarianceNormalization": "layer_norm",
    "LpNormalization": "layer_norm", "SimplifiedLayerNormalization": "rms_norm",
}  # fmt: skip
_COPIES = words(
    """
    Concat Transpose Pad Slice Expand Tile Resize Upsample Split DepthToSpace SpaceToDepth Cast
    QuantizeLinear DequantizeLinear DynamicQuantizeLinear Range ConstantOfShape ReverseSequence
    Trilu EyeLike OneHot SequenceAt SplitToSequence ConcatFromSequence Compress Col2Im
    """
)
_REDUCTIONS = words(
    """
    GlobalAveragePool GlobalMaxPool LpPool GlobalLpPool ReduceMean
    ReduceSum ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp
    ReduceSumSquare ArgMax ArgMin
    """
)
_ELEMENTWISE = words(
    """
    Add Sub Mul Div Pow Sqrt Exp Log Neg Abs Reciprocal Relu LeakyRelu PRelu Elu Selu Celu Gelu
    Sigmoid HardSigmoid HardSwish Swish Mish Softplus Softsign Tanh Erf Clip Min Max Mean Sum
    Where Equal Less LessOrEqual Greater GreaterOrEqual And Or Not Xor Mod Sign Floor Ceil
    Round Sin Cos Tan Asin Acos Atan Sinh Cosh ThresholdedRelu IsNaN IsInf BitShift BitwiseAnd
    BitwiseOr Shrink Bernoulli RandomNormalLike RandomUniformLike CumSum TopK NonMaxSuppression
    NonZero Unique GridSample RoiAlign Hardmax RotaryEmbedding Det
    """
)
_GATHERS = ["Gather", "GatherElements", "GatherND"]
_SCATTERS = ["Scatter", "ScatterElements", "ScatterND"]
# Kinds that networks spend their time in: without their shapes there is no answer.
HEAVY = {"Conv", "ConvTranspose", "ConvInteger", "QLinearConv", "MatMul", "MatMulInteger",
         "QLinearMatMul", "Gemm", "Einsum", "Attention", "LSTM", "GRU", "RNN"}  # fmt: skip
_TABLE: dict[str, Callable[[Node], list[Op]]] = {
    **dict.fromkeys(("Conv", "ConvTranspose", "ConvInteger", "QLinearConv"), _conv),
    **dict.fromkeys(("MatMul", "MatMulInteger", "QLinearMatMul"), _matmul),
    **dict.fromkeys(_GATES, _recurrent),
    **dict.fromkeys(_NORMS, _normal),
    **dict.fromkeys(_GATHERS, _gathered),
    **dict.fromkeys(_SCATTERS, _scattered),
    **dict.fromkeys(_COPIES, _moving("copy")),
    **dict.fromkeys(_REDUCTIONS, _moving("pool")),
    **dict.fromkeys(("MaxPool", "AveragePool"), _pool),
    **dict.fromkeys(_ELEMENTWISE, _moving("elementwise")),
    **dict.fromkeys(("Softmax", "LogSoftmax"), _moving("softmax")),
    "Gemm": _gemm,
    "Einsum": _einsum,
    "Attention": _attention,
}
