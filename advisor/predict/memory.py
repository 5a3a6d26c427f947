"""Memory by part: what a plan keeps, in bytes."""

from advisor.constants import ConstantSet
from advisor.estimate import Plan
from advisor.machine import Machine, State
from advisor.operation import OpGraph
from advisor.predict.figures import BYTES, stored_bytes
from advisor.predict.language import cache_elements
from advisor.predict.passes import Learning
from advisor.workload import LanguageModel, Trees

_FULL = BYTES["fp32"]
Parts = dict[str, float]


def inference_parts(graph: OpGraph, batch: int, dtype: str, constants: ConstantSet) -> Parts:
    """Return the parts of a forward pass without gradients."""
    size = BYTES[dtype]
    parts = {
        "weights": graph.parameters * size,
        "activations": _held(graph, constants) * batch * size,
        "inputs": batch * graph.inputs * _FULL,
    }
    return _with_overhead(parts, constants)


def training_parts(learning: Learning, batch: int, dtype: str, constants: ConstantSet) -> Parts:
    """Return the parts of a training step; below fp32, autocast keeps master weights in fp32.

    Weights that are not trained have no master: they are stored in the lower precision.
    """
    size, graph, learned = BYTES[dtype], learning.graph, learning.trained
    parts = {
        "weights": learned * _FULL + (graph.parameters - learned) * size,
        "gradients": learned * _FULL,
        "optimizer states": learned * _FULL * learning.states,
        "low-precision copies": learned * size if size < _FULL else 0.0,
        "activations": batch * graph.activations * size,
        "temporaries": _held(graph, constants) * batch * size,
        "inputs": batch * graph.inputs * _FULL,
        "autograd and optimizer": constants.figures["training_bytes"],
    }
    return _with_overhead(parts, constants)


def _held(graph: OpGraph, constants: ConstantSet) -> float:
    """Return the elements that a pass holds at once, with the copies that kernels make of them."""
    return graph.workspace * constants.figures.get("workspace_copies", 1.0)


def language_parts(model: LanguageModel, plan: Plan, constants: ConstantSet) -> Parts:
    """Return the parts of a prefill or a decoding step."""
    phase, batch, size = plan.phase, plan.batch, BYTES[plan.dtype]
    rows = batch * (model.prompt if phase == "prefill" else 1)
    widest = max(2 * model.intermediate if model.gated else model.intermediate, 4 * model.hidden)
    parts = {
        "weights": model.parameters * stored_bytes(plan.precision),
        "key-value cache": cache_elements(model, phase, batch) * size,
        "activations": 1.0 * rows * (2 * model.hidden + widest) * size,
        "logits": 1.0 * batch * model.vocabulary * _FULL,
    }
    return _with_overhead(parts, constants)


def trees_parts(trees: Trees, constants: ConstantSet) -> Parts:
    """Return the parts of a histogram fit: the table, its bins, gradients and scores."""
    cells = 1.0 * trees.rows * trees.features
    parts = {
        "table": cells * 8,  # float64, as pandas and NumPy hand it over
        "bins": cells,  # one byte each: 255 bins, LightGBM's and XGBoost's default
        "gradients and scores": trees.rows * 4.0 * 5,  # gradient, hessian, score, label, leaf
    }
    return _with_overhead(parts, constants)


def _with_overhead(parts: Parts, constants: ConstantSet) -> Parts:
    slack = constants.figures["allocator_slack"] * sum(parts.values())
    context = constants.figures["context_bytes"]
    return {**parts, "allocator slack": slack, "process and driver": context}


def available(machine: Machine, place: str) -> tuple[float | None, float | None]:
    """Return the bytes that this process may use at a place: now, and were the machine idle."""
    if place == "cpu":
        return _host(machine)
    device = next((d for d in machine.devices if d.id == place), None)
    if device is None or device.state is not State.PRESENT:
        return None, None
    return device.memory_free_bytes, device.memory_bytes


def _host(machine: Machine) -> tuple[float | None, float | None]:
    lines = [line.value for line in machine.capacity.get("memory", ()) if line.value is not None]
    totals = [machine.memory.total_bytes] if machine.memory.total_bytes else []
    free = [machine.memory.available_bytes] if machine.memory.available_bytes else []
    now = min([*lines, *totals, *free], default=None)
    limits = [value for value in lines if not free or value > free[0]]
    return now, min([*limits, *totals], default=None)
