"""Says of a value whether it is within what its field allows: msgspec's own bounds, by name."""

import operator
from collections.abc import Iterable

import msgspec

from advisor.book.tree import Node

_BOUNDS = (
    ("ge", operator.ge, "at least"),
    ("gt", operator.gt, "above"),
    ("le", operator.le, "at most"),
    ("lt", operator.lt, "below"),
)


class Misfit(Exception):  # noqa: N818 -- a wrong value before it has a file
    """A node that is not what the field wants."""

    def __init__(self, node: Node, wrong: str, remedy: str = "") -> None:
        """Keep where and what is wrong, and what to do."""
        super().__init__(wrong)
        self.node, self.wrong, self.remedy = node, wrong, remedy


def within(node: Node, value: object, metas: Iterable[msgspec.Meta]) -> None:
    """Raise Misfit where a number is out of its bounds, or a list too short or too long."""
    for meta in metas:
        if isinstance(value, int | float):
            _number(node, value, meta)
        if isinstance(value, str | tuple):
            _length(node, len(value), meta)


def _number(node: Node, value: float, meta: msgspec.Meta) -> None:
    for name, holds, words in _BOUNDS:
        bound = getattr(meta, name)
        if bound is not None and not holds(value, bound):
            raise Misfit(node, f"{value:g} is not {words} {bound:g}")


def _length(node: Node, length: int, meta: msgspec.Meta) -> None:
    if meta.min_length is not None and length < meta.min_length:
        raise Misfit(node, f"at least {meta.min_length} should be here")
    if meta.max_length is not None and length > meta.max_length:
        raise Misfit(node, f"there are more than {meta.max_length}")
