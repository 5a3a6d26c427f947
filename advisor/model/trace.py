"""A torch network as an op graph: run on the meta device, where tensors have shapes but no data."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import torch
from torch.fx.experimental import _config as everything

from advisor.errors import AdvisorError
from advisor.model import samples
from advisor.model.merge import merged
from advisor.model.recorder import Recorder, Whole, tensors
from advisor.model.shaped import elements
from advisor.operation import Op, OpGraph

_Dropout = torch.nn.modules.dropout._DropoutNd  # noqa: SLF001 - there is no public name for all

Inputs = tuple[Any, ...] | dict[str, Any]
MakeInputs = Callable[[int], Inputs]


class _Pass(NamedTuple):
    """One forward pass: its ops, the most elements alive, those that came from outside, notes."""

    ops: list[Op]
    workspace: float
    inputs: float
    notes: tuple[str, ...]


def graph(network: torch.nn.Module, inputs: MakeInputs, batch: int = 1) -> OpGraph:
    """Trace a network that lives on the meta device: a forward pass of one sample, and memory.

    ``inputs`` makes the arguments of a batch, on torch's default device. Passes of ``batch`` and of
    twice as many samples show what grows with the batch; of a batch of one, passes of two and of
    four do, since torch goes ways of its own around sizes of one.
    """
    supposed: list[str] = []
    unseen = everything.patch(meta_nonzero_assume_all_nonzero=True)
    with torch.device("meta"), unseen, _causal(supposed):
        small = _other(network, inputs, 2) if batch == 1 else None
        batch = 2 if small else batch
        small = small or _forward(network, inputs(batch))
        large = _other(network, inputs, 2 * batch)
        ops, note = _per_sample(small, large, batch)
        if not ops:
            raise AdvisorError("read a trace", "the network computes nothing")
        workspace = _share(small.workspace, large and large.workspace, batch)
        # With many samples the activations outweigh what stands in for gradients of weights.
        pair = (16 * batch, 32 * batch) if large else (batch, None)
        kept = _kept(network, inputs, pair)
        dropped = _dropped(network, inputs(batch)) / batch
    return OpGraph(
        ops=merged(ops),
        parameters=float(sum(p.numel() for p in network.parameters())),
        activations=max(kept, workspace),
        workspace=workspace,
        inputs=small.inputs / batch,
        dropped=dropped,
        notes=(*small.notes, *note, *dict.fromkeys(supposed)),
    )


@contextmanager
def _causal(supposed: list[str]) -> Iterator[None]:
    """Take masks of torch's own transformer layers to be causal: they look at a mask's values.

    What was supposed is written to ``supposed``; there is no public name for what looks.
    """
    layers = torch.nn.modules.transformer
    asked = layers._detect_is_causal_mask  # noqa: SLF001

    def told(mask: Any, is_causal: bool | None = None, size: object = None) -> bool:  # noqa: ARG001 - as torch asks
        if mask is not None and is_causal is None:
            supposed.append("a transformer layer's mask is taken to be causal")
        return bool(is_causal) if is_causal is not None else mask is not None

    layers._detect_is_causal_mask = told  # noqa: SLF001
    try:
        yield
    finally:
        layers._detect_is_causal_mask = asked  # noqa: SLF001


def _per_sample(
    small: _Pass, large: _Pass | None, batch: int
) -> tuple[Sequence[Op], tuple[str, ...]]:
    if large and samples.alike(small.ops, large.ops):
        return samples.of_one(small.ops, large.ops, batch), ()
    if batch == 1:
        return small.ops, ("other batches run other operations: traced with one sample",)
    return samples.parted(small.ops, batch), (f"traced with its own batch of {batch} alone",)


def _share(small: float, large: float | None, batch: int) -> float:
    """Return one sample's part of what a batch keeps; what does not grow is shared among it."""
    if large is None:
        return small / batch
    grown = max(large - small, 0.0) / batch
    return max(grown, small / batch)


def _other(network: torch.nn.Module, inputs: MakeInputs, batch: int) -> _Pass | None:
    """Trace another batch; None where the network holds on to its own."""
    try:
        return _forward(network, inputs(batch))
    except Exception:  # noqa: BLE001 - it is the network's own code: any refusal means the same
        return None


def _forward(network: torch.nn.Module, given: Inputs) -> _Pass:
    """Trace under no_grad: inference_mode would hide what calls are made of."""
    recorder = Recorder()
    recorder.know([*network.parameters(), *network.buffers(), *tensors(given)])
    network.eval()
    with torch.no_grad(), Whole(recorder), recorder:
        _call(network, given)
    fed = sum(elements(t) for t in tensors(given))
    return _Pass(recorder.ops, recorder.peak(), fed, tuple(recorder.notes))


def _kept(network: torch.nn.Module, inputs: MakeInputs, pair: tuple[int, int | None]) -> float:
    """Return the elements that training keeps for a sample; 0 where there is nothing to train."""
    if not any(p.requires_grad for p in network.parameters()):
        return 0.0
    first = _training_peak(network, inputs(pair[0]))
    if pair[1] is None:
        return first / pair[0]
    grown = max(_training_peak(network, inputs(pair[1])) - first, 0.0) / (pair[1] - pair[0])
    # What does not grow is shared by the batch, but for what stands in for gradients of weights.
    weights = sum(p.numel() for p in network.parameters())
    return float(grown + max(first / pair[0] - grown - weights / pair[0], 0.0))


# What draws a chance for each element: a call of its own, or fused with what it decides.
_CHANCES = ("bernoulli", "native_dropout")


def _dropped(network: torch.nn.Module, given: Inputs) -> float:
    """Return the elements that only training draws chances for."""
    if not any(isinstance(part, _Dropout) and part.p > 0 for part in network.modules()):
        return 0.0
    recorder = Recorder()
    recorder.know([*network.parameters(), *network.buffers(), *tensors(given)])
    network.train()
    with torch.no_grad(), recorder:
        _call(network, given)
    drawn = (op for op in recorder.ops if op.kernel.startswith(_CHANCES))
    return float(sum(op.writes for op in drawn))


def _training_peak(network: torch.nn.Module, given: Inputs) -> float:
    """Return the elements alive at the worst moment of forward and backward, gradients left out."""
    recorder = Recorder()
    recorder.know([*network.parameters(), *network.buffers(), *tensors(given)])
    network.train()
    with Whole(recorder), recorder:
        loss(_call(network, given)).backward()
    grads = [p.grad for p in network.parameters() if p.grad is not None]
    most = recorder.peak(without=grads)
    network.zero_grad()
    return most


def loss(found: Any) -> torch.Tensor:
    """Return a scalar that depends on all that a network returns."""
    kept = [t for t in tensors(found) if t.is_floating_point() and t.requires_grad]
    return torch.stack([t.float().square().mean() for t in kept]).sum()


def _call(network: torch.nn.Module, given: Inputs) -> Any:
    return network(**given) if isinstance(given, dict) else network(*given)
