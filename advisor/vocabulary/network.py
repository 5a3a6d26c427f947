"""Facts about what a workload's network is made of: its kind, and how it fills a matrix unit."""

from collections.abc import Iterator
from typing import NamedTuple

from advisor.fact import Origin
from advisor.operation import Op, conv_output, work
from advisor.vocabulary.row import Row, rows
from advisor.workload import LanguageModel, Workload

# A product fills a matrix unit's tile of 128 × 128 from here on ("Tile Quantization",
# https://docs.nvidia.com/deeplearning/performance/dl-performance-matrix-multiplication/).
LARGE = 128
FAMILIES = (
    "cnn", "transformer", "recurrent", "recommender", "mlp", "irregular", "rl", "llm", "moe",
    "trees",
)  # fmt: skip
# What an op says of the network that has it; the first that is there holds.
_TOLD_BY = {"recurrent": "recurrent", "attention": "transformer", "conv": "cnn"}
_MOSTLY = 0.5


class Product(NamedTuple):
    """One matrix product's sides that do not grow with the batch, and its FLOP."""

    n: int
    k: int
    flops: float


def _ops(workload: Workload) -> tuple[Op, ...]:
    return workload.graph.ops if workload.graph else ()


def family(workload: Workload) -> str:
    """Return what a workload's network is made of: as its file says, else as its ops tell."""
    if workload.family:
        return workload.family
    if workload.llm:
        return "moe" if workload.llm.experts > 1 else "llm"
    kinds = {op.op for op in _ops(workload)}
    told = next((name for kind, name in _TOLD_BY.items() if kind in kinds), None)
    if told or not kinds:
        return told or "trees"
    return "recommender" if _looked_up(workload) > _MOSTLY else "mlp"


def _looked_up(workload: Workload) -> float:
    """Return the share of the weights that no op multiplies with."""
    if not workload.graph or not workload.graph.parameters:
        return 0.0
    used = sum(op.count * work(op).weights for op in _ops(workload) if op.op != "embedding")
    return 1.0 - used / workload.graph.parameters


def products(workload: Workload) -> list[Product]:
    """List the matrix products of one pass, a convolution as the product that it stands for."""
    if workload.llm:
        return list(_layers(workload.llm))
    return [p for op in _ops(workload) for p in [_product(op)] if p]


def _product(op: Op) -> Product | None:
    shape, flops = op.shape, op.count * work(op).flops
    if op.op == "gemm":
        return Product(shape["n"], shape["k"], flops)
    if op.op == "conv" and min(conv_output(shape)) > 0:
        groups = shape.get("groups", 1)
        window = shape["r"] * shape["s"]
        return Product(shape["k"] // groups, shape["c"] // groups * window, flops)
    if op.op == "recurrent":
        return Product(shape["hidden"], shape["hidden"], flops)
    return None


def _layers(model: LanguageModel) -> Iterator[Product]:
    """List the products of one token, with the experts that it uses."""
    hidden, inner = model.hidden, model.intermediate
    inside = model.heads * model.head_size
    grouped = (model.heads + 2 * model.kv_heads) * model.head_size
    up = (2 if model.gated else 1) * inner
    for n, k, times in (
        (grouped, hidden, 1),
        (hidden, inside, 1),
        (up, hidden, model.experts_used),
        (hidden, inner, model.experts_used),
    ):
        yield Product(n, k, 2.0 * n * k * times * model.layers)
    yield Product(model.vocabulary, hidden, 2.0 * model.vocabulary * hidden)


def _large(workload: Workload) -> float | None:
    """Return the share of all FLOP in products that fill a tile; trees have none."""
    found = products(workload)
    whole = sum(op.count * work(op).flops for op in _ops(workload)) or sum(p.flops for p in found)
    filling = sum(p.flops for p in found if min(p.n, p.k) >= LARGE)
    return min(filling / whole, 1.0) if whole else None


def _trained(workload: Workload) -> float | None:
    whole = workload.llm.parameters if workload.llm else None
    whole = workload.graph.parameters if workload.graph else whole
    if not whole:
        return None
    return 1.0 if workload.trained_parameters is None else workload.trained_parameters / whole


WORKLOAD: tuple[Row[Workload], ...] = rows(
    "machine",
    Origin.CATALOGUE,
    [
        ("workload.family", "text", "what its network is made of", family),
        ("workload.classical", "flag", "boosted trees, no network", lambda w: w.trees is not None),
        ("workload.features", "1", "columns of a table",
         lambda w: w.trees.features if w.trees else None),
        ("workload.trained_share", "%", "part of its weights that training changes", _trained),
        ("workload.large_matmul_share", "%", f"part of its FLOP in products {LARGE} wide or more",
         _large),
    ],
)  # fmt: skip
OPTIONAL = frozenset({"workload.features", "workload.trained_share", "workload.large_matmul_share"})
WORDS = {"workload.kind": ("network", "llm", "trees"), "workload.family": FAMILIES}
