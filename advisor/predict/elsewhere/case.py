"""The batch interface's case: one line of JSON, decoded and checked."""

from typing import Annotated, Literal

import msgspec

from advisor.errors import AdvisorError
from advisor.operation import Op
from advisor.predict.elsewhere.decode import Language
from advisor.predict.elsewhere.forecast import Run, Software
from advisor.predict.elsewhere.summary import Summary
from advisor.workload import Trees

Positive = Annotated[float, msgspec.Meta(gt=0, le=1e30)]
Count = Annotated[int, msgspec.Meta(gt=0, le=1_000_000_000)]
Text = Annotated[str, msgspec.Meta(max_length=500)]
Phase = Literal["inference", "training", "prefill", "decode", "fit"]
DTYPES = ("fp32", "tf32", "fp16", "bf16", "amp", "fp8", "int8")


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
    bytes: Positive
    active_params: Positive | None = None
    context: Positive = 1024.0
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


_DECODER = msgspec.json.Decoder(Case)
_NAMED = msgspec.json.Decoder(_Named)


def decoded(line: bytes) -> Case:
    """Decode one line.

    Raises:
        AdvisorError: not JSON, or not a case; says what is wrong and where in it.
    """
    try:
        return _DECODER.decode(line)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise AdvisorError("read a case", str(error)[:300]) from None


def name_of(line: bytes) -> str | int | float | None:
    """Return the id of a case that may be bad otherwise; None where there is none."""
    try:
        return _NAMED.decode(line).id
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None


def summary(form: Form) -> Summary | None:
    """Return the form as a summary; None if it is another form."""
    if form.macs is None or form.activations is None:
        return None
    return Summary(
        macs=form.macs,
        activations=form.activations,
        params=form.params,
        input=form.input,
        name=form.name,
    )


def language(model: Model) -> Language:
    """Return the language model that the form describes."""
    return Language(
        params=model.params,
        bytes=model.bytes,
        active_params=model.active_params,
        context=model.context,
        prompt=model.prompt,
    )


_SHAPES = {
    "gemm": ("m", "n", "k", "batch"),
    "conv": ("c", "h", "w", "k", "r", "s", "n", "stride", "padding", "groups"),
}


def op(line: OpLine, size: float) -> Op:
    """Return an op; bytes become elements of ``size`` bytes, since that is how ops count."""
    names = _SHAPES.get(line.op)
    if names is None:
        return Op(
            op="elementwise",
            kernel=line.op[:40],
            count=line.count,
            reads=line.bytes / size,
            flops=line.flops or 0.0,
        )
    shape = {name: getattr(line, name) for name in names}
    if line.op == "gemm":
        # Weights are shared by the rows of one product; in a batch of products both sides differ.
        weights = float(line.n * line.k) if line.batch == 1 else 0.0
        return Op(op="gemm", count=line.count, shape=shape, weights=weights, flops=line.flops)
    return _conv(line, shape)


def _conv(line: OpLine, shape: dict[str, int]) -> Op:
    reach = min(line.h, line.w) + 2 * line.padding
    if max(line.r, line.s) > reach or line.c % line.groups or line.k % line.groups:
        raise AdvisorError("read a conv", "window larger than image, or groups that divide nothing")
    return Op(op="conv", count=line.count, shape=shape, flops=line.flops)
