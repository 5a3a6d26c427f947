"""What a torch network does, written down as it runs on the meta device: shapes without data."""

import math
import weakref
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec
import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from advisor.model import atlas, shaped
from advisor.model.shaped import Call
from advisor.operation import Op

_RECURRENT = {"lstm": 4, "gru": 3, "rnn_tanh": 1, "rnn_relu": 1}
# Calls in place that change how a tensor is seen, not what it holds.
_VIEWS = {
    "squeeze_",
    "unsqueeze_",
    "t_",
    "transpose_",
    "detach_",
    "as_strided_",
    "set_",
    "swapaxes_",
}
# Calls that choose among the places along an axis, and which argument that axis is.
_CHOICES = {"topk": 2, "argmax": 1}
_UNSEEN = "the data decide how much is picked: counted as if all were"


class Recorder(TorchDispatchMode):
    """Writes down the lowest calls, and which storages are alive."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.ops: list[Op] = []
        self.notes: dict[str, None] = {}
        self.quiet = 0
        self.events: list[tuple[int, int]] = []
        self._alive: dict[int, tuple[int, Any]] = {}
        self._count = 0
        self._learned: set[int] = set()
        self._trained: set[int] = set()
        self._used: set[int] = set()
        self._grown: set[int] = set()
        self._odds: dict[int, float] = {}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run the call; a view costs nothing, all else is an op."""
        name = func.overloadpacket.__name__
        if name in {"nonzero", "masked_select"}:
            out = self._picked(name, args)
        else:
            out = func(*args, **(kwargs or {}))
        if self.quiet:  # a kernel of its own keeps what it needs to itself
            return out
        self._follow(name, args, out)
        made = tensors(out)
        fresh = self.born(made)
        if made and (fresh or _in_place(name)) and name != "empty":
            self._write(name, args, out, {str(tag).rpartition(".")[2] for tag in func.tags})
            self.grow(tensors([*args, kwargs]), made)
        return out

    def _write(self, name: str, args: Any, out: Any, tags: Collection[str]) -> None:
        if name.startswith(("index", "_unsafe_index")) and _masked(args):
            self.notes[f"{name}: {_UNSEEN}"] = None
        op, known = atlas.read(name, Call(name.lstrip("_"), args, out, self.learned), tags)
        self.note([op], tensors(args))
        if not known:
            self.notes[f"{name} is not known: counted by the bytes that it moves"] = None

    def note(self, ops: Sequence[Op], given: Iterable[torch.Tensor]) -> None:
        """Write down the ops of one call: is anything before it trained, were its weights used.

        A recurrent layer works its gradients out together, whoever asks for them. Of a product of
        two activations, one that depends on nothing trained is like weights that are frozen.
        """
        named = {_identity(tensor): tensor.numel() for tensor in given}
        weights, grown = named.keys() & self._learned, named.keys() & self._grown
        wanted = grown | named.keys() & self._trained
        own = any(op.weights or op.kernel.startswith("embedding") for op in ops)
        leaf = not (grown if own else wanted)
        tied = own and bool(weights) and max(weights, key=named.__getitem__) in self._used
        half = not own and 0 < len(wanted) < len(named)
        self._used |= weights
        self.ops += [
            msgspec.structs.replace(
                op,
                leaf=leaf and op.op != "recurrent",
                tied=tied,
                frozen=op.frozen or (half and op.op == "gemm"),
            )
            for op in ops
        ]

    def grow(self, given: Iterable[torch.Tensor], made: Iterable[torch.Tensor]) -> None:
        """Note what depends on something that is trained, so that a gradient passes through it."""
        if not (self._trained | self._grown).isdisjoint(map(_identity, given)):
            self._grown |= {_identity(t) for t in made if t.is_floating_point() or t.is_complex()}

    def learned(self, tensor: Any) -> bool:
        """Say whether a tensor is a parameter or a view of one."""
        return isinstance(tensor, torch.Tensor) and _identity(tensor) in self._learned

    def _follow(self, name: str, args: Any, out: Any) -> None:
        """Note what share of a mask is likely true: of one choice among so many, one part."""
        if name in _CHOICES:
            place = _CHOICES[name]
            axis = args[place] if len(args) > place else -1
            if axis is not None:
                chosen = tensors(out)[-1]
                self._odds[_identity(chosen)] = 1 / max(args[0].shape[axis], 1)
        if name == "eq":
            odds = [self._odds[_identity(t)] for t in tensors(args) if _identity(t) in self._odds]
            if odds:
                self._odds[_identity(out)] = min(odds)

    def _picked(self, name: str, args: Any) -> torch.Tensor:
        """Return what a mask picks out: as much as is likely, else all."""
        mask = args[0 if name == "nonzero" else 1]
        odds = self._odds.get(_identity(mask))
        if odds is None:
            self.notes[f"{name}: {_UNSEEN}"] = None
        count = max(math.ceil(mask.numel() * (odds or 1.0)), 1)
        if name == "masked_select":
            return args[0].new_empty((count,))
        return mask.new_empty((count, mask.ndim), dtype=torch.int64)

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
            self._grown.discard(key)
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
            if isinstance(tensor, torch.nn.Parameter):
                self._learned.add(_identity(tensor))
                self._trained |= {_identity(tensor)} if tensor.requires_grad else set()
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
        given = tensors([*args, *(kwargs or {}).values()]) if found else []
        if found:
            self._recorder.note(found, given)
        self._recorder.quiet += bool(found)
        try:
            out = func(*args, **(kwargs or {}))
        finally:
            self._recorder.quiet -= bool(found)
        if found:
            self._recorder.born(tensors(out))
            self._recorder.grow(given, tensors(out))
            self._keep(found, tensors(out), args, kwargs or {})
        return out

    def _keep(self, found: list[Op], out: list[torch.Tensor], args: Any, kwargs: Any) -> None:
        """Hold what such a kernel keeps for its backward pass as long as the pass is to come."""
        node = out[0].grad_fn
        if node is None or found[0].op == "gemm":
            return
        kept = tensors([*args, *kwargs.values()]) if found[0].op == "attention" else []
        if found[0].op == "recurrent":
            size = sum(_remembered(op) for op in found)
            kept = [torch.empty(size, device="meta")]
            self._recorder.born(kept)
        node.metadata["kept"] = kept


def _remembered(op: Op) -> int:
    """Return what a recurrent layer keeps for each step: its gates, its state, and its output."""
    shape = op.shape
    return op.count * shape["n"] * shape["steps"] * shape["hidden"] * (shape["gates"] + 2)


def _whole(name: str, args: Any, kwargs: Any) -> list[Op]:
    if name == "linear":
        return [shaped.linear(args, kwargs)]
    if name == "scaled_dot_product_attention":
        return [shaped.attention(args, kwargs)]
    if name in _RECURRENT and len(args) == 9:
        return shaped.recurrent(args, name, _RECURRENT[name])
    return []


def _masked(args: Any) -> bool:
    return any(tensor.dtype is torch.bool for tensor in tensors(list(args[1:2])))


def _in_place(name: str) -> bool:
    return name.endswith("_") and name not in _VIEWS


# Outputs are rarely nested deeper; what refers to itself ends here.
_DEPTH = 8


def tensors(value: Any, depth: int = _DEPTH) -> list[torch.Tensor]:
    """Return all tensors in nested lists, tuples, dictionaries and objects with attributes."""
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, torch.nn.Module | type) or not depth:
        return []
    if isinstance(value, dict):
        inner = list(value.values())
    elif isinstance(value, list | tuple):
        inner = list(value)
    else:
        inner = list(getattr(value, "__dict__", {}).values())
    return [tensor for item in inner for tensor in tensors(item, depth - 1)]
