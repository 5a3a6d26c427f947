"""A torch network as an op graph: run on the meta device, where tensors have shapes but no data."""

import weakref
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from advisor.model import atlas
from advisor.operation import Op, OpGraph

_RECURRENT = {"lstm": 4, "gru": 3, "rnn_tanh": 1, "rnn_relu": 1}
Inputs = tuple[Any, ...] | dict[str, Any]
MakeInputs = Callable[[int], Inputs]


class Recorder(TorchDispatchMode):
    """Writes down the lowest calls, and which storages are alive."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.ops: list[Op] = []
        self.quiet = 0
        self.events: list[tuple[int, int]] = []
        self._alive: dict[int, tuple[int, Any]] = {}
        self._count = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run the call; a view costs nothing, all else is an op."""
        out = func(*args, **(kwargs or {}))
        if self.quiet:  # a kernel of its own keeps what it needs to itself
            return out
        name = func.overloadpacket.__name__
        made = tensors(out)
        fresh = self.born(made)
        if made and (fresh or name.endswith("_")) and name != "empty":
            self.ops.append(atlas.read(name, args, out))
        return out

    def _born(self, tensor: torch.Tensor) -> bool:
        """Note a storage that was not there before, and when it goes; views have one that was."""
        storage, key = tensor.untyped_storage(), _identity(tensor)
        if key in self._alive:
            return False
        self._count += 1
        name, size = self._count, storage.nbytes()
        self.events.append((name, size))

        def gone(_: object) -> None:
            self._alive.pop(key, None)
            self.events.append((name, -size))

        self._alive[key] = (name, weakref.ref(storage, gone))
        return True

    def born(self, made: Iterable[torch.Tensor]) -> bool:
        """Note tensors; say whether any has a storage that was not there before."""
        fresh = [self._born(tensor) for tensor in made]  # each is noted, whatever the first says
        return any(fresh)

    def know(self, tensors: Iterable[torch.Tensor]) -> None:
        """Take note of storages that exist already, so that they are no activations."""
        for tensor in tensors:
            self._born(tensor)
        self.events.clear()

    def peak(self, without: Iterable[torch.Tensor] = ()) -> float:
        """Return the most elements (of four bytes) that were alive at once, some left out."""
        left_out = {self._alive[key][0] for key in map(_identity, without) if key in self._alive}
        level = most = 0
        for name, size in self.events:
            level += 0 if name in left_out else size
            most = max(most, level)
        return most / 4


def _identity(tensor: torch.Tensor) -> int:
    """Return what all wrappers of a storage share: there is no public name for it."""
    return int(tensor.untyped_storage()._cdata)  # noqa: SLF001


class Whole(TorchFunctionMode):
    """Sees the calls that have a kernel of their own before torch takes them apart."""

    def __init__(self, recorder: Recorder) -> None:
        """Write into the recorder, and quiet it meanwhile."""
        super().__init__()
        self._recorder = recorder

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Read linear, attention and recurrent calls as one op each."""
        found = _whole(getattr(func, "__name__", ""), args, kwargs or {})
        self._recorder.ops.extend(found)
        self._recorder.quiet += bool(found)
        try:
            out = func(*args, **(kwargs or {}))
        finally:
            self._recorder.quiet -= bool(found)
        if found:
            self._recorder.born(tensors(out))
        return out


def _whole(name: str, args: Any, kwargs: Any) -> list[Op]:
    if name == "linear":
        return [atlas.linear([*args, *kwargs.values()])]
    if name == "scaled_dot_product_attention":
        return [atlas.attention(args, kwargs)]
    if name in _RECURRENT and len(args) == 9:
        return atlas.recurrent(args, name, _RECURRENT[name])
    return []


def graph(network: torch.nn.Module, inputs: MakeInputs) -> OpGraph:
    """Trace a network that lives on the meta device: a forward pass of one sample, and memory.

    ``inputs`` makes the arguments of a batch, on torch's default device.
    """
    with torch.device("meta"):
        forward, workspace, given = _forward(network, inputs)
        small, large = (_training_peak(network, inputs(batch)) for batch in (2, 4))
    return OpGraph(
        ops=merged(forward),
        parameters=float(sum(p.numel() for p in network.parameters())),
        activations=max((large - small) / 2, workspace),
        workspace=workspace,
        inputs=given,
    )


def _forward(network: torch.nn.Module, inputs: MakeInputs) -> tuple[list[Op], float, float]:
    """Trace under no_grad: inference_mode would hide what calls are made of."""
    recorder, given = Recorder(), inputs(1)
    recorder.know([*network.parameters(), *network.buffers(), *tensors(given)])
    network.eval()
    with torch.no_grad(), Whole(recorder), recorder:
        _call(network, given)
    return recorder.ops, recorder.peak(), sum(atlas.elements(t) for t in tensors(given))


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


def tensors(value: Any) -> list[torch.Tensor]:
    """Return all tensors in nested lists, tuples and dictionaries."""
    if isinstance(value, dict):
        return tensors(list(value.values()))
    if isinstance(value, list | tuple):
        return [tensor for item in value for tensor in tensors(item)]
    return [value] if isinstance(value, torch.Tensor) else []


def merged(ops: Iterable[Op]) -> tuple[Op, ...]:
    """Join equal ops into one with a count, in the order of their first use."""
    counts: dict[bytes, int] = {}
    kept: dict[bytes, Op] = {}
    for op in ops:
        key = msgspec.msgpack.encode(op)
        kept.setdefault(key, op)
        counts[key] = counts.get(key, 0) + op.count
    return tuple(msgspec.structs.replace(op, count=counts[key]) for key, op in kept.items())
