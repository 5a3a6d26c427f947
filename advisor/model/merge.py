"""Equal ops of a network as one op with a count."""

from collections.abc import Iterable

import msgspec

from advisor.operation import Op


def merged(ops: Iterable[Op]) -> tuple[Op, ...]:
    """Join equal ops into one with a count, in the order of their first use."""
    counts: dict[bytes, int] = {}
    kept: dict[bytes, Op] = {}
    for op in ops:
        key = msgspec.msgpack.encode(op)
        kept.setdefault(key, op)
        counts[key] = counts.get(key, 0) + op.count
    return tuple(msgspec.structs.replace(op, count=counts[key]) for key, op in kept.items())
