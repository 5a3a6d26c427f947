"""Write the op graphs of the named workloads: python tests/tools/make_workloads.py [NAME…].

The head of each file (who, what, sources) is written by hand; what follows the line ``graph:`` is
replaced by a trace of the reference network of the same name in ``advisor/model/networks``.
"""

import sys
from importlib import import_module
from pathlib import Path

from advisor.operation import Op, OpGraph

FOLDER = Path(__file__).parents[2] / "rules" / "workloads"


def traced(name: str) -> OpGraph:
    import torch

    from advisor.model.trace import graph

    network = import_module(f"advisor.model.networks.{name.replace('-', '_')}")
    with torch.device("meta"):
        return graph(network.build(), network.inputs)


def number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.1f}"


def line(op: Op) -> str:
    parts = [f"op: {op.op}"] + ([f"kernel: {op.kernel}"] if op.kernel else [])
    parts += [f"count: {op.count}"] if op.count > 1 else []
    if op.shape:
        parts.append("shape: {" + ", ".join(f"{k}: {v}" for k, v in op.shape.items()) + "}")
    for name in ("reads", "writes", "weights", "flops"):
        value = getattr(op, name)
        parts += [f"{name}: {number(value)}"] if value else []
    parts += [f"{name}: true" for name in ("once", "frozen", "leaf", "tied") if getattr(op, name)]
    return "    - {" + ", ".join(parts) + "}"


def block(graph: OpGraph) -> str:
    sizes = [f"  {name}: {number(getattr(graph, name))}"
             for name in ("parameters", "activations", "workspace", "inputs")]  # fmt: skip
    sizes += [f"  dropped: {number(graph.dropped)}"] if graph.dropped else []
    return "\n".join(["graph:", *sizes, "  ops:", *map(line, graph.ops)]) + "\n"


def main(names: list[str]) -> None:
    for path in sorted(FOLDER.glob("*.yaml")):
        head, mark, _ = path.read_text().partition("\ngraph:")
        if mark and (not names or path.stem in names):
            path.write_text(f"{head}\n{block(traced(path.stem))}")


if __name__ == "__main__":
    main(sys.argv[1:])
