"""What a user wants to run: a network as a graph of ops, a language model, or boosted trees."""

from typing import Annotated, Literal

import msgspec

from advisor.operation import OpGraph

# Beyond these no workload is meant, and sums of them stay within what floats hold exactly enough.
Count = Annotated[int, msgspec.Meta(ge=1, le=10**15)]
Layers = Annotated[int, msgspec.Meta(ge=1, le=100_000)]
Size = Annotated[int, msgspec.Meta(ge=1, le=10**9)]
Rank = Annotated[int, msgspec.Meta(ge=0, le=10**6)]
Amount = Annotated[float, msgspec.Meta(ge=0, le=1e18)]
Phases = Annotated[
    tuple[Literal["training", "inference", "prefill", "decode", "fit"], ...],
    msgspec.Meta(min_length=1),
]
Batches = Annotated[
    tuple[Annotated[int, msgspec.Meta(ge=1, le=10**7)], ...], msgspec.Meta(min_length=1)
]


class LanguageModel(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A decoder-only transformer by the figures of its configuration.

    ``context`` is the mean number of cached tokens while generating, ``prompt`` the tokens of a
    prefill. ``gated`` says that the feed-forward block has three matrices instead of two, ``tied``
    that input and output embeddings are one. With ``experts`` above 1, ``experts_used`` run for a
    token. With ``adapters``, of that rank and beside every linear layer of a block (LoRA), they
    alone are trained. A sample to train on is as long as the prompt.
    """

    layers: Layers
    hidden: Size
    heads: Size
    kv_heads: Size
    head_size: Size
    intermediate: Size
    vocabulary: Size
    context: Size
    prompt: Size
    gated: bool = True
    tied: bool = False
    experts: Layers = 1
    experts_used: Layers = 1
    adapters: Rank = 0

    @property
    def adapted(self) -> int:
        """Parameters of all adapters: one beside each projection, in and out of its rank."""
        across, narrow = self.heads * self.head_size, self.kv_heads * self.head_size
        attention = 4 * self.hidden + 2 * across + 2 * narrow
        inner = (3 if self.gated else 2) * (self.hidden + self.intermediate)
        return self.layers * self.adapters * (attention + self.experts * inner)

    @property
    def trained(self) -> float:
        """Parameters that a training changes."""
        return float(self.adapted) if self.adapters else self.parameters

    @property
    def expert(self) -> int:
        """Parameters of one expert (or of the one feed-forward block) in one layer."""
        return (3 if self.gated else 2) * self.hidden * self.intermediate

    @property
    def attention(self) -> int:
        """Parameters of one layer's four projections."""
        return 2 * self.hidden * self.head_size * (self.heads + self.kv_heads)

    @property
    def parameters(self) -> float:
        """All parameters; norms (under 0.01 %) and biases left out."""
        router = self.hidden * self.experts if self.experts > 1 else 0
        layer = self.attention + router + self.experts * self.expert
        return 1.0 * self.layers * layer + (1 if self.tied else 2) * self.vocabulary * self.hidden

    @property
    def active_parameters(self) -> float:
        """Parameters that take part in computing one token."""
        idle = self.layers * (self.experts - self.experts_used) * self.expert
        return self.parameters - idle

    @property
    def kv_elements(self) -> int:
        """Elements that are cached for each token."""
        return 2 * self.layers * self.kv_heads * self.head_size


class Trees(msgspec.Struct, frozen=True, kw_only=True):
    """Boosted trees on a table."""

    rows: Size
    features: Size
    rounds: Size
    depth: Size


class Dataset(msgspec.Struct, frozen=True, omit_defaults=True):
    """A typical data set for the workload; ``sample_bytes`` is the mean size as stored.

    ``encoding`` is ``jpeg`` where each sample is a photograph that must be decoded.
    """

    name: str
    samples: Count
    sample_bytes: Count
    encoding: str = ""


class Job(msgspec.Struct, frozen=True, omit_defaults=True):
    """The training that people run: so many passes over the data set.

    ``optimizer_states`` are elements kept for each parameter (SGD with momentum 1, Adam 2).
    """

    epochs: Amount
    title: str
    optimizer: str = "sgd"
    optimizer_states: Annotated[int, msgspec.Meta(ge=0, le=10)] = 1


class Workload(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A named workload; exactly one of ``graph``, ``llm`` and ``trees`` is there.

    ``unit`` is what a rate counts (samples, tokens, jobs); ``trained_parameters`` are given where
    not all parameters are trained. ``family`` says what the network is made of where its ops do not
    (``irregular``, ``rl``).
    """

    name: str
    title: str
    network: str
    unit: str
    phases: Phases
    batches: Batches
    sources: tuple[str, ...]
    graph: OpGraph | None = None
    llm: LanguageModel | None = None
    trees: Trees | None = None
    dataset: Dataset | None = None
    job: Job | None = None
    trained_parameters: Annotated[float, msgspec.Meta(gt=0, le=1e18)] | None = None
    family: str | None = None


def taking(job: str) -> str:
    """Return a job's title with its verb: ``90 epochs take``, ``fine-tuning takes``."""
    several = job[:1].isdigit() and not job.startswith("1 ")
    return f"{job} take" if several else f"{job} takes"
