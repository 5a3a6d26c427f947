"""The batch interface's case: one line of JSON, decoded and checked."""

import math
from typing import Annotated, Literal

import msgspec

from advisor.errors import AdvisorError
from advisor.operation import Op
from advisor.predict.elsewhere.decode import Language
from advisor.predict.elsewhere.forecast import Run, Software
from advisor.predict.elsewhere.precision import element_bytes
from advisor.predict.elsewhere.summary import Summary
from advisor.workload import Trees

Positive = Annotated[float, msgspec.Meta(gt=0, le=1e30)]
Count = Annotated[int, msgspec.Meta(gt=0, le=1_000_000_000)]
Text = Annotated[str, msgspec.Meta(max_length=500)]
Phase = Literal["inference", "training", "prefill", "decode", "fit"]
# What else the phases are called.
_PHASES = {"train": "training", "infer": "inference", "generation": "decode", "generate": "decode",
           "tg": "decode", "prompt": "prefill", "pp": "prefill"}  # fmt: skip


class OpLine(msgspec.Struct, frozen=True):
    """One op of a list, as the interface writes it."""

    op: Text
    m: Count = 1
    n: Count = 1
    k: Count = 1
    batch: Count = 1
    c: Count = 1
    h: Count = 1
    w: Count = 1
    r: Count = 1
    s: Count = 1
    stride: Count = 1
    padding: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    groups: Count = 1
    bytes: Annotated[float, msgspec.Meta(ge=0, le=1e30)] = 0.0
    flops: Positive | None = None
    count: Count = 1
    dtype: Text | None = None


class Model(msgspec.Struct, frozen=True):
    """A language model by its size."""

    params: Positive
    bytes: Positive | None = None
    active_params: Positive | None = None
    context: Annotated[float, msgspec.Meta(ge=0, le=1e30)] = 1024.0
    prompt: Positive | None = None


class Form(msgspec.Struct, frozen=True):
    """A workload in one of the interface's forms."""

    name: Text | None = None
    macs: Positive | None = None
    activations: Positive | None = None
    params: Annotated[float, msgspec.Meta(ge=0, le=1e30)] = 0.0
    input: Annotated[tuple[Positive, ...], msgspec.Meta(max_length=8)] = (3.0, 224.0, 224.0)
    ops: Annotated[tuple[OpLine, ...], msgspec.Meta(max_length=100_000)] | None = None
    opaque: Text | None = None
    llm: Model | None = None
    trees: Trees | None = None
    model: Text | None = None
    onnx: Text | None = None
    hf_config: Text | None = None
    sequence: Count | None = None


class Known(msgspec.Struct, frozen=True):
    """One measurement: of the same workload elsewhere, or of another one."""

    device: Text
    throughput: Positive
    workload: Form | None = None
    count: Count | None = None
    batch: Positive | None = None
    dtype: Text | None = None
    phase: Phase | None = None
    software: Software | None = None
    place: Text | None = None


class Case(msgspec.Struct, frozen=True):
    """One question."""

    id: str | int | float
    device: Text
    phase: Phase
    workload: Form
    count: Count = 1
    dtype: Text = "fp32"
    software: Software = Software()
    batch: Positive = 1.0
    known: Annotated[tuple[Known, ...], msgspec.Meta(max_length=1000)] = ()
    place: Text | None = None


def named(form: Form) -> bool:
    """Whether the form names a workload or a file, and says nothing of it itself."""
    told = (form.macs, form.ops, form.opaque, form.llm, form.trees)
    return all(one is None for one in told)


def run(case: Case) -> Run:
    """Return how the case is to be run."""
    return Run(
        phase=case.phase,
        dtype=case.dtype,
        batch=case.batch,
        count=case.count,
        software=case.software,
    )


class _Named(msgspec.Struct):
    """Only the name of a case, for the answer to a bad one."""

    id: str | int | float | None = None


_DECODER = msgspec.json.Decoder(Case, strict=False)
_NAMED = msgspec.json.Decoder(_Named)


def decoded(line: bytes) -> Case:
    """Decode one line; a null counts as not given, whole floats as integers.

    Raises:
        AdvisorError: not JSON, or not a case; says what is wrong and where in it.
    """
    try:
        return _DECODER.decode(line)
    except msgspec.ValidationError as error:
        return _lenient(line, str(error))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise AdvisorError("read a case", str(error)[:300]) from None


def _lenient(line: bytes, wrong: str) -> Case:
    """Decode a line without its nulls and with its phases in lower case; ``wrong`` is the error."""
    try:
        return msgspec.convert(_bare(msgspec.json.decode(line)), Case, strict=False)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise AdvisorError("read a case", wrong[:300]) from None


def _bare(value: object) -> object:
    if isinstance(value, list):
        return [_bare(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: _bare(item) for key, item in value.items() if item is not None}
    phase = found.get("phase")
    if isinstance(phase, str):
        plain = phase.strip().casefold()
        found["phase"] = _PHASES.get(plain, plain)
    return found


def name_of(line: bytes) -> str | int | float | None:
    """Return the id of a case that may be bad otherwise; None where there is none."""
    try:
        return _NAMED.decode(line).id
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None


def summary(form: Form) -> Summary | None:
    """Return the form as a summary; None if it is another form.

    Where activations are not given, those of a middling network of its size are taken.
    """
    if form.macs is None:
        return None
    middling = 6.05e6 * math.sqrt(form.macs / 1e9)
    return Summary(
        macs=form.macs,
        activations=form.activations or middling,
        params=form.params,
        input=form.input,
        name=form.name,
        guessed=form.activations is None,
    )


def language(model: Model, dtype: str) -> Language:
    """Return the language model that the form describes; its weights are stored in ``dtype``."""
    return Language(
        params=model.params,
        bytes=model.bytes or model.params * element_bytes(dtype),
        active_params=model.active_params,
        context=model.context,
        prompt=model.prompt,
    )


_SHAPES = {
    "gemm": ("m", "n", "k", "batch"),
    "conv": ("c", "h", "w", "k", "r", "s", "n", "stride", "padding", "groups"),
}
# What else they are called, where a shape is given.
_ALIASES = {"linear": "gemm", "matmul": "gemm", "mm": "gemm", "addmm": "gemm", "bmm": "gemm",
            "baddbmm": "gemm", "conv2d": "conv", "convolution": "conv"}  # fmt: skip


def op(line: OpLine, size: float) -> Op:
    """Return an op; bytes become elements of ``size`` bytes, since that is how ops count."""
    name = line.op.strip().casefold()
    name = _ALIASES.get(name, name)
    names = _SHAPES.get(name)
    if names is None:
        return Op(
            op="elementwise",
            kernel=name[:40],
            count=line.count,
            reads=line.bytes / size,
            flops=line.flops or 0.0,
        )
    shape = {side: getattr(line, side) for side in names}
    if name == "gemm":
        # Weights are shared by the rows of one product; in a batch of products both sides differ.
        weights = float(line.n * line.k) if line.batch == 1 else 0.0
        return Op(op="gemm", count=line.count, shape=shape, weights=weights, flops=line.flops)
    return _conv(line, shape)


def _conv(line: OpLine, shape: dict[str, int]) -> Op:
    reach = min(line.h, line.w) + 2 * line.padding
    if max(line.r, line.s) > reach or line.c % line.groups or line.k % line.groups:
        raise AdvisorError("read a conv", "window larger than image, or groups that divide nothing")
    return Op(op="conv", count=line.count, shape=shape, flops=line.flops)
