"""Works out the small constants that shapes in an ONNX graph hang on."""

from collections.abc import Mapping
from contextlib import suppress
from math import prod
from typing import Any

from advisor.model.onnx_graph import shapes_of
from advisor.model.words import words

# Constants larger than this are weights: no shape hangs on what they hold.
MOST_CONSTANT = 4096
# Kinds that exporters compute sizes with; none loops, reads a file, or grows beyond its inputs,
# but for those that are told a size.
_COUNTING = frozenset(
    words(
        """
    Gather Concat Unsqueeze Squeeze Cast Slice Add Sub Mul Div Mod Reshape Equal Where Min Max
    Neg Ceil Floor Round Not And Or Less Greater LessOrEqual GreaterOrEqual Transpose Identity
    Sqrt ReduceProd ReduceSum ReduceMax ReduceMin Abs Flatten Split Size ScatterND
    GatherElements Pow Constant
    """
    )
)
_TOLD = {"ConstantOfShape", "Expand", "Range", "Tile"}


def folded(graph: Any, file: str) -> bool:
    """Replace nodes whose result is known by what it is; say whether there was any."""
    from onnx import numpy_helper

    shapes = shapes_of(graph, file)
    known = {w.name: numpy_helper.to_array(w) for w in graph.initializer if _small(w)}
    found: dict[str, Any] = {}
    kept = []
    for node in graph.node:
        made = _result(node, shapes, known)
        if made is None:
            kept.append(node)
        else:
            known |= made
            found |= made
    if found:
        del graph.node[:]
        graph.node.extend(kept)
        graph.initializer.extend(numpy_helper.from_array(v, name) for name, v in found.items())
    return bool(found)


def _small(weight: Any) -> bool:
    whole = weight.data_location == 0 and (weight.raw_data or prod(weight.dims) == 0)
    listed = any(len(getattr(weight, f"{kind}_data")) for kind in ("float", "int32", "int64"))
    return prod(weight.dims) <= MOST_CONSTANT and bool(whole or listed)


def _result(
    node: Any, shapes: Mapping[str, tuple[int, ...]], known: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return what a node gives, where that is a small constant."""
    import numpy as np

    if node.op_type == "Shape" and node.input[0] in shapes:
        ends = {a.name: a.i for a in node.attribute}
        size = shapes[node.input[0]][ends.get("start", 0) : ends.get("end")]
        return {node.output[0]: np.array(size, dtype=np.int64)}
    wanted = [name for name in node.input if name]
    if (
        node.op_type not in (*_COUNTING, *_TOLD)
        or node.domain
        or any(n not in known for n in wanted)
    ):
        return None
    given = {name: known[name] for name in wanted}
    if node.op_type in _TOLD and not _bounded(node, list(given.values())):
        return None
    return _evaluated(node, given)


def _evaluated(node: Any, given: dict[str, Any]) -> dict[str, Any] | None:
    import numpy as np
    from onnx.reference import ReferenceEvaluator

    with suppress(Exception), np.errstate(all="ignore"):  # what cannot be worked out stays
        values = [np.asarray(v) for v in ReferenceEvaluator(node).run(None, given)]
        if sum(value.size for value in values) <= MOST_CONSTANT:
            return dict(zip(node.output, values, strict=True))
    return None


def _bounded(node: Any, values: list[Any]) -> bool:
    """Say whether what is told to be made is small."""
    if node.op_type == "Range":
        start, limit, step = (float(value.reshape(-1)[0]) for value in values)
        return step != 0 and abs((limit - start) / step) <= MOST_CONSTANT
    told = [abs(float(size)) for size in values[-1].reshape(-1)]
    grown = values[0].size if node.op_type != "ConstantOfShape" else 1
    return prod(max(size, 1.0) for size in told) * grown <= MOST_CONSTANT
