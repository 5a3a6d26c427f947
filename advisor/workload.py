"""What a user wants to run: a network as a list of ops, a language model, or boosted trees."""

from typing import Literal

import msgspec

OpKind = Literal["gemm", "conv", "attention", "elementwise", "embedding", "recurrent", "optimizer"]


class Op(msgspec.Struct, frozen=True, kw_only=True):
    """One operation for one sample, forward: ``count`` times the same shape.

    ``flops`` count a multiply-add as two; ``bytes`` are elements read and written times the bytes
    of ``dtype`` fp32; ``weights`` are parameters (elements) that are read however large the batch.
    ``shape`` holds the sizes under the names that the batch interface uses (gemm: m n k batch;
    conv: c h w k r s stride padding groups).
    """

    op: OpKind
    flops: float
    elements: float
    weights: float = 0.0
    count: int = 1
    name: str = ""
    shape: dict[str, int] = msgspec.field(default_factory=dict)


class OpGraph(msgspec.Struct, frozen=True):
    """The ops of one forward pass for a sample; ``activations`` are elements kept for backward."""

    ops: tuple[Op, ...]
    parameters: float
    activations: float


class LanguageModel(msgspec.Struct, frozen=True, kw_only=True):
    """A decoder-only transformer by its figures; ``kv_elements`` are cached per token."""

    parameters: float
    active_parameters: float
    kv_elements: float
    layers: int
    hidden: int
    context: int
    prompt: int


class Trees(msgspec.Struct, frozen=True, kw_only=True):
    """Boosted trees on a table."""

    rows: int
    features: int
    rounds: int
    depth: int


class Dataset(msgspec.Struct, frozen=True):
    """A typical data set for the workload, to say how long an epoch takes."""

    name: str
    samples: int
    sample_bytes: int


class Job(msgspec.Struct, frozen=True):
    """The training that people run: so many passes over the data set."""

    epochs: int
    title: str


class Workload(msgspec.Struct, frozen=True, kw_only=True):
    """A named workload; exactly one of ``graph``, ``llm`` and ``trees`` is there."""

    name: str
    title: str
    network: str
    unit: str
    phases: tuple[str, ...]
    batches: tuple[int, ...]
    sources: tuple[str, ...]
    graph: OpGraph | None = None
    llm: LanguageModel | None = None
    trees: Trees | None = None
    dataset: Dataset | None = None
    job: Job | None = None
