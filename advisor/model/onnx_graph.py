"""The nodes of an ONNX graph as ops, and what they keep in memory."""

from collections.abc import Mapping
from math import prod
from typing import Any, NamedTuple

from advisor.errors import AdvisorError
from advisor.model import onnx_nodes
from advisor.model.onnx_nodes import Node
from advisor.model.words import words
from advisor.operation import Op

# Elements of one tensor; a hostile file can name any.
_MOST_ELEMENTS = 2**48
# TensorProto's numbers for float, double, float16, bfloat16, the four 8-bit floats, int8, uint8.
_WEIGHTS = {1, 11, 10, 16, 17, 18, 19, 20, 3, 2}
_FREE = words(
    """
    Reshape Flatten Squeeze Unsqueeze Identity Shape Constant Dropout Size CastLike
    """
)
# AttributeProto's numbers for a float, an int, a string, ints.
_PLAIN = {1, 2, 3, 7}


class Read(NamedTuple):
    """A graph in one batch: its ops in order, and elements as in `advisor.operation.OpGraph`."""

    ops: list[Op]
    parameters: float
    activations: float
    workspace: float
    inputs: float
    notes: tuple[str, ...]


def read(graph: Any, file: str) -> Read:
    """Read a graph whose shapes are inferred."""
    shapes, weights = shapes_of(graph, file), {w.name: w for w in graph.initializer}
    fixed = set(weights) | {
        name for n in graph.node if n.op_type == "Constant" for name in n.output
    }
    ops: list[Op] = []
    strange: dict[str, None] = {}
    blind: dict[str, None] = {}
    for node in graph.node:
        if set(node.input) - {""} <= fixed and node.op_type != "RandomNormal":
            fixed |= set(node.output)  # worked out once, before the first run
            continue
        if node.op_type in _FREE:
            continue
        seen = _seen(node, shapes, fixed)
        if seen is None:
            blind[node.op_type] = None
            continue
        found = onnx_nodes.op(seen)
        strange |= {} if onnx_nodes.known(node.op_type) else {node.op_type: None}
        ops += found
    _refuse_blind(blind, file)
    notes = [f"{name} is not known: counted by the bytes that it moves" for name in strange]
    notes += [f"{name} of unknown shape is left out" for name in blind]
    outputs = _outputs(graph, shapes, fixed)
    return Read(
        ops=ops,
        parameters=_parameters(graph, shapes, fixed),
        activations=float(sum(outputs.values())),
        workspace=_most_alive(graph, outputs),
        inputs=float(
            sum(prod(shapes.get(i.name, ())) for i in graph.input if i.name not in weights)
        ),
        notes=tuple(notes),
    )


def _parameters(graph: Any, shapes: Mapping[str, tuple[int, ...]], fixed: set[str]) -> float:
    """Count what was worked out before the first run and is a number, not a shape or an index."""
    kinds = {weight.name: weight.data_type for weight in graph.initializer}
    kinds |= {value.name: value.type.tensor_type.elem_type for value in graph.value_info}
    live = (node for node in graph.node if not set(node.output) <= fixed)
    used = {name for node in live for name in node.input if name in fixed}
    numbers = (name for name in used if kinds.get(name) in _WEIGHTS)
    return float(sum(prod(shapes.get(name, (0,))) for name in numbers))


def _refuse_blind(blind: Mapping[str, None], file: str) -> None:
    heavy = sorted(blind.keys() & onnx_nodes.HEAVY)
    if heavy:
        wrong = f"the shapes of its {', '.join(heavy)} depend on values and cannot be inferred"
        remedy = "simplify it (onnxsim), or export it with fixed sizes"
        raise AdvisorError(f"read {file}", wrong, remedy=remedy)


def shapes_of(graph: Any, file: str) -> dict[str, tuple[int, ...]]:
    """Return the shapes that are whole, by the name of the tensor."""
    found = {weight.name: tuple(weight.dims) for weight in graph.initializer}
    for value in (*graph.input, *graph.value_info, *graph.output):
        kind = value.type.tensor_type
        if kind.HasField("shape") and all(d.HasField("dim_value") for d in kind.shape.dim):
            found[value.name] = tuple(d.dim_value for d in kind.shape.dim)
    if any(min(s, default=0) < 0 or prod(s) > _MOST_ELEMENTS for s in found.values()):
        raise AdvisorError(f"read {file}", "a tensor in it has a size beyond sense")
    return found


def _seen(node: Any, shapes: Mapping[str, tuple[int, ...]], fixed: set[str]) -> Node | None:
    """Return a node with the shapes of all that it takes and gives; None where one is unknown."""
    wanted = [name for name in (*node.input, *node.output[:1]) if name]
    if any(name not in shapes for name in wanted):
        return None
    from onnx import helper

    plain = [a for a in node.attribute if a.type in _PLAIN]
    given = {a.name: helper.get_attribute_value(a) for a in plain}
    return Node(
        kind=node.op_type,
        inputs=tuple(shapes.get(name, ()) for name in node.input),
        output=shapes.get(node.output[0], ()) if node.output else (),
        fixed=tuple(name in fixed for name in node.input),
        attributes={k: v.decode() if isinstance(v, bytes) else v for k, v in given.items()},
    )


def _outputs(
    graph: Any, shapes: Mapping[str, tuple[int, ...]], fixed: set[str]
) -> dict[str, float]:
    """Return the elements of every tensor that a run makes."""
    made = [n for n in graph.node if n.op_type not in _FREE and not set(n.output) <= fixed]
    return {
        name: float(prod(shapes[name])) for node in made for name in node.output if name in shapes
    }


def _most_alive(graph: Any, sizes: Mapping[str, float]) -> float:
    """Return the most elements alive at once, each freed after its last use."""
    last = {name: i for i, node in enumerate(graph.node) for name in node.input}
    ending: dict[int, list[str]] = {}
    for name, i in last.items():
        ending.setdefault(i, []).append(name)
    level = most = 0.0
    for i, node in enumerate(graph.node):
        level += sum(sizes.get(name, 0.0) for name in node.output)
        most = max(most, level)
        level -= sum(sizes.get(name, 0.0) for name in ending.get(i, ()))
    return most
