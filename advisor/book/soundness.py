"""What must hold between the fields of a workload, each mistake at its place in the file."""

from collections.abc import Iterator

from advisor.book.problems import Problems
from advisor.book.tree import Document, Mapping, Node, Sequence
from advisor.conditions import SHAPE, sound
from advisor.operation import OpGraph
from advisor.workload import LanguageModel, Workload

_PHASES = {
    "graph": {"training", "inference"},
    "llm": {"training", "prefill", "decode"},
    "trees": {"fit"},
}
_KINDS = tuple(_PHASES)


def check(document: Document, node: Mapping, read: Workload) -> None:
    """Raise AdvisorErrors with every contradiction of a workload that was read."""
    problems = Problems()
    for wrong, place in _wrongs(node, read):
        problems.note(document.error("read a workload", wrong, place))
    problems.settle(f"read {document.file}")


def _wrongs(node: Mapping, read: Workload) -> Iterator[tuple[str, Node]]:
    there = [kind for kind in _KINDS if getattr(read, kind) is not None]
    if len(there) != 1:
        yield "exactly one of graph, llm and trees should be here", node
        return
    unknown = set(read.phases) - _PHASES[there[0]]
    if unknown:
        yield f"a {there[0]} has no phase {min(unknown)}", _at(node, "phases")
    if read.graph:
        yield from _graph(_at(node, "graph"), read.graph)
    if read.llm:
        yield from _language(_at(node, "llm"), read.llm)


def _at(node: Node, name: str) -> Node:
    return node.entries[name].value if isinstance(node, Mapping) and name in node.entries else node


def _graph(node: Node, graph: OpGraph) -> Iterator[tuple[str, Node]]:
    listed = _at(node, "ops")
    places = listed.items if isinstance(listed, Sequence) else [listed] * len(graph.ops)
    for op, place in zip(graph.ops, places, strict=True):
        strange = op.shape.keys() - SHAPE
        if strange:
            yield f"a shape has no size {min(strange)[:60]!r}", _at(place, "shape")
        elif not sound(op):
            yield f"the sizes of this {op.op} make no sense", _at(place, "shape")


def _language(node: Node, model: LanguageModel) -> Iterator[tuple[str, Node]]:
    if model.heads % model.kv_heads:
        yield "kv_heads does not divide heads", _at(node, "kv_heads")
    if model.experts_used > model.experts:
        yield "more experts are used than there are", _at(node, "experts_used")
