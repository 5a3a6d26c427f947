"""An ONNX file as a workload: its shapes are inferred for a batch, nothing in it is run.

The file is hostile input: its size, its nodes and the sizes of its tensors are bounded, weights
that it keeps in other files are never opened, and it is read in a process of its own.
"""

import warnings
from pathlib import Path
from typing import Any

from advisor.errors import AdvisorError
from advisor.model import onnx_graph, samples
from advisor.model.merge import merged
from advisor.model.onnx_fold import MOST_CONSTANT, folded
from advisor.model.onnx_graph import Read
from advisor.operation import Op, OpGraph
from advisor.workload import Workload

# protobuf reads no message beyond 2 GiB; larger networks keep their weights in other files.
_MOST_BYTES = 2 * 2**30 - 1
_MOST_NODES = 200_000
# Exporters compute sizes from sizes; deeper than this none was seen.
_ROUNDS = 20
# What stands for a named size that is not the batch, such as the tokens of a sentence.
USUAL_SIZE = 128


def workload(path: Path, sequence: int | None = None) -> Workload:
    """Read a file; ``sequence`` stands for each named size that is not the batch.

    Raises:
        AdvisorError: onnx is not installed, or the file is none, or is beyond the bounds.
    """
    model = _loaded(path)
    name, own, others = _batch(model, path)
    notes = [f"the size {other!r} is taken as {sequence or USUAL_SIZE}" for other in sorted(others)]
    if not name:
        notes.append(f"the file fixes the batch at {own}; others take another export")
    named = dict.fromkeys(others, sequence or USUAL_SIZE)
    small = _read(model, path, named | {name: own})
    ops = _of_one(model, path, small, (name, named, own))
    if not ops:
        wrong = "no node in it moves anything, or their sizes cannot be worked out"
        raise AdvisorError(f"read {path}", wrong)
    graph = OpGraph(
        ops=tuple(ops),
        parameters=small.parameters,
        activations=small.activations / own,
        workspace=small.workspace / own,
        inputs=small.inputs / own,
        notes=(*notes, *_folded(model), *small.notes),
    )
    return Workload(
        name=str(path), title=path.name, network="ONNX", unit="samples",
        phases=("training", "inference"),
        batches=(1, 8, 32, 128), sources=(), graph=graph,
    )  # fmt: skip


def _folded(model: Any) -> list[str]:
    """Say what training may have that an export for inference leaves out."""
    kinds = {node.op_type for node in model.graph.node}
    if "Conv" not in kinds or any("Norm" in kind for kind in kinds):
        return []
    return ["no normalisation is in it: if the export folded it, training takes longer"]


def _of_one(
    model: Any, path: Path, small: Read, batch: tuple[str, dict[str, int], int]
) -> tuple[Op, ...]:
    """Compare with twice the batch, where the file leaves the batch open."""
    name, named, own = batch
    if name:
        large = _read(model, path, named | {name: 2 * own})
        if samples.alike(small.ops, large.ops):
            return merged(samples.of_one(small.ops, large.ops, own))
    return merged(samples.parted(small.ops, own) if own > 1 else small.ops)


def _loaded(path: Path) -> Any:
    try:
        import onnx
        from google.protobuf.message import DecodeError
    except ImportError as error:
        raise AdvisorError(
            f"read {path}", "onnx is not installed", remedy="install the extra `onnx`"
        ) from error
    try:
        if not path.is_file():
            raise AdvisorError(f"read {path}", "it is no file")
        if path.stat().st_size > _MOST_BYTES:
            raise AdvisorError(f"read {path}", "it is larger than 2 GiB")
        model = onnx.load_model(str(path), load_external_data=False)
    except OSError as error:
        raise AdvisorError(f"read {path}", error.strerror or "it cannot be read") from error
    except (DecodeError, ValueError) as error:
        raise AdvisorError(f"read {path}", "it is no ONNX model") from error
    if not model.graph.node or not model.graph.input:
        raise AdvisorError(f"read {path}", "it is no ONNX model: it has no nodes, or no inputs")
    if len(model.graph.node) > _MOST_NODES:
        raise AdvisorError(f"read {path}", f"it has more than {_MOST_NODES} nodes")
    return _lightened(model)


def _lightened(model: Any) -> Any:
    """Leave out what weights hold: their sizes are all that counts."""
    for weight in model.graph.initializer:
        if len(weight.raw_data) > 8 * MOST_CONSTANT:
            weight.raw_data = b""
    if model.functions:
        from onnx import inliner

        return inliner.inline_local_functions(model)
    return model


def _fed(model: Any) -> list[Any]:
    """Return the inputs that are given at each run: older files list the weights as well."""
    weights = {weight.name for weight in model.graph.initializer}
    return [given for given in model.graph.input if given.name not in weights]


def _batch(model: Any, path: Path) -> tuple[str, int, set[str]]:
    """Return the batch's name ('' where it is fixed), the batch to read, and other named sizes."""
    fed = _fed(model)
    if not fed:
        raise AdvisorError(f"read {path}", "it has no inputs")
    sizes = [list(given.type.tensor_type.shape.dim) for given in fed]
    names = {size.dim_param for one in sizes for size in one if size.dim_param}
    first = next((one[0] for one in sizes if one), None)
    name = first.dim_param if first is not None else ""
    if first is not None and not name and first.dim_value < 1:  # neither named nor given
        name = "batch"
        for one in sizes:
            if one and not one[0].dim_param and one[0].dim_value < 1:
                one[0].dim_param = name
    own = 1 if name or first is None else max(int(first.dim_value), 1)
    return name, own, names - {name}


def _read(model: Any, path: Path, named: dict[str, int]) -> Read:
    """Give each named size a number, infer all shapes from there, and read the nodes."""
    import onnx

    sized = onnx.ModelProto()
    sized.CopyFrom(model)
    for given in _fed(sized):
        for size in given.type.tensor_type.shape.dim:
            if size.dim_param or size.dim_value < 1:
                size.dim_value = named.get(size.dim_param, USUAL_SIZE)
    del sized.graph.value_info[:]  # shapes written for another batch
    for made in sized.graph.output:
        made.type.tensor_type.ClearField("shape")
    for _ in range(_ROUNDS):
        sized = _inferred(sized, path)
        if not folded(sized.graph, str(path)):
            break
    return onnx_graph.read(sized.graph, str(path))


def _inferred(model: Any, path: Path) -> Any:
    import onnx

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return onnx.shape_inference.infer_shapes(model, data_prop=True)
    except (onnx.shape_inference.InferenceError, RuntimeError, ValueError) as error:
        wrong = f"its shapes cannot be inferred: {' '.join(str(error).split())[:300]}"
        raise AdvisorError(f"read {path}", wrong) from error
