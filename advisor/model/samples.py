"""Two traces of one network, of two batches, as the ops of one sample.

What differs between them shows which size of an op is the batch; an op that does not is run once.
"""

from collections.abc import Sequence

import msgspec

from advisor.errors import AdvisorError
from advisor.operation import Op

# The size of a shape that `advisor.operation.scaled` multiplies, and those that may hold the batch.
_BATCHED = {"conv": "n", "attention": "batch", "recurrent": "n"}


def alike(small: Sequence[Op], large: Sequence[Op]) -> bool:
    """Say whether both traces are the same calls in the same order."""
    return [(op.op, op.kernel) for op in small] == [(op.op, op.kernel) for op in large]


def of_one(small: Sequence[Op], large: Sequence[Op], batch: int) -> list[Op]:
    """Return ops for one sample, from traces of ``batch`` samples and of twice as many."""
    return [_of_one(*pair, batch) for pair in zip(small, large, strict=True)]


def parted(ops: Sequence[Op], batch: int) -> list[Op]:
    """Return ops for one sample from one trace: every size that the batch divides is its own."""
    found = []
    for op in ops:
        name = _scaled_size(op)
        size = op.shape.get(name, 1) if name else batch
        if size % batch:
            found.append(msgspec.structs.replace(op, once=True))
        else:
            shape = _with(op.shape, name, size // batch) if name else op.shape
            found.append(_shared(msgspec.structs.replace(op, shape=shape), op, batch))
    return found


def _scaled_size(op: Op) -> str | None:
    if op.op == "gemm":
        return "m" if op.weights else "batch"
    return _BATCHED.get(op.op)


def _with(shape: dict[str, int], name: str, size: int) -> dict[str, int]:
    """Return a shape with another size; a batch of one is not written where the kind is plain."""
    found = {**shape, name: size}
    if name == "batch" and size == 1 and "heads" not in shape:
        del found["batch"]
    return found


def _shared(op: Op, whole: Op, batch: int) -> Op:
    flops = None if whole.flops is None else whole.flops / batch
    return msgspec.structs.replace(
        op, reads=whole.reads / batch, writes=whole.writes / batch, flops=flops
    )


def _of_one(small: Op, large: Op, batch: int) -> Op:
    if small == large:
        return msgspec.structs.replace(small, once=True)
    if small.shape and small.op != "pool":
        return _shaped(small, large, batch)
    shape = dict(small.shape)
    if shape != large.shape:  # a pool that takes the samples for channels
        shape["c"] = _part(shape["c"], batch)
    reads, writes = large.reads - small.reads, large.writes - small.writes
    flops = None
    if small.flops is not None and large.flops is not None:
        flops = (large.flops - small.flops) / batch
    # What is read however large the batch, such as a table of positions, is like weights.
    rest = max(small.reads - reads, 0.0)
    return msgspec.structs.replace(
        small, shape=shape, reads=reads / batch, writes=writes / batch,
        weights=small.weights + rest, flops=flops,
    )  # fmt: skip


def _shaped(small: Op, large: Op, batch: int) -> Op:
    grown = [name for name, size in small.shape.items() if large.shape.get(name) != size]
    if not grown:
        raise AdvisorError("read a trace", f"{small.op} does not have the same sizes twice")
    return _READ.get(small.op, _plain)(small, grown, batch)


def _plain(op: Op, grown: list[str], batch: int) -> Op:
    """Divide the batch's own size; where another holds the batch, that one is divided instead."""
    own = _BATCHED.get(op.op, grown[0])
    name = own if own in grown else grown[0]
    shape = _with(op.shape, name, _part(op.shape[name], batch))
    if op.op == "conv" and "groups" in grown:  # kernels of their own for each sample
        shape = {**op.shape, **{key: _part(op.shape[key], batch) for key in grown}}
    return msgspec.structs.replace(op, shape=shape)


def _product(op: Op, grown: list[str], batch: int) -> Op:
    """Rows of one product share its right side; products in a batch have their own."""
    name = next(n for n in ("batch", "m", "n", "k") if n in grown)
    shape = dict(op.shape)
    if name in {"n", "k"}:  # the batch is a column, or is summed over: read with the sides swapped
        shape["m"], shape[name] = shape[name], shape["m"]
        name = "m"
    shape = _with(shape, name, _part(shape[name], batch))
    weights, count = op.weights, op.count
    if name == "m" and not weights:  # of products in a batch, each has a right side for all rows
        weights, count = 1.0 * shape["n"] * shape["k"], count * shape.pop("batch", 1)
    if name == "batch":
        weights = 0.0
    return msgspec.structs.replace(op, shape=shape, weights=weights, count=count)


def _part(size: int, batch: int) -> int:
    return max(round(size / batch), 1)


_READ = {"gemm": _product}
