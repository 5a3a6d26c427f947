"""Turns a tree into a Struct by the Struct's own fields, noting every mistake with its place.

Numbers may be written with a unit where the field says which:
``Annotated[float, msgspec.Meta(extra={"unit": "bytes/s"})]`` takes ``1008 GB/s``.
"""
# ruff: noqa: ANN401 -- types are values here, and what they make can be anything

from contextlib import suppress
from enum import EnumMeta
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec

from advisor.book.near import listed, near
from advisor.book.problems import Enough, Problems
from advisor.book.ranges import Misfit, within
from advisor.book.scalars import core
from advisor.book.tree import Document, Mapping, Node, Scalar, Sequence
from advisor.units import quantity, unit

T = TypeVar("T")
_NUMBERS = {int: "a whole number", float: "a number"}


def convert(document: Document, node: Node, wanted: type[T]) -> T:
    """Convert a tree; raises AdvisorErrors with every mistake."""
    converter = _Converter(document)
    value = None
    with suppress(Enough):
        value = converter.value(node, wanted)
    converter.problems.settle(f"read {document.file}")
    return value  # type: ignore[return-value] # value() follows `wanted`


class _Converter:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems = Problems()

    def value(self, node: Node, wanted: Any) -> Any:
        """Convert one value, or note why it cannot be."""
        try:
            return self._value(node, wanted)
        except Misfit as misfit:
            self._note(misfit.node, misfit.wrong, misfit.remedy)
            return None

    def _value(self, node: Node, wanted: Any) -> Any:
        readers = {
            Annotated: self._annotated,
            Union: self._union,
            UnionType: self._union,
            tuple: self._tuple,
            dict: self._dict,
            Literal: _literal,
        }
        reader = readers.get(get_origin(wanted))
        if reader:
            return reader(node, get_args(wanted))
        if isinstance(wanted, EnumMeta):
            return wanted(_word(node, [str(member.value) for member in wanted]))  # type: ignore[var-annotated] # which enumeration is known at run time
        if isinstance(wanted, type) and issubclass(wanted, msgspec.Struct):
            return self._struct(node, wanted)
        return _plain(node, wanted)

    def _struct(self, node: Node, wanted: type[msgspec.Struct]) -> Any:
        mapping = _mapping(node)
        fields = _fields(wanted)
        problems = len(self.problems)
        for name, entry in mapping.entries.items():
            if name not in fields:
                remedy = near(name, fields) or f"known are: {listed(fields)}"
                self._note(entry.key, f"no key is called {name[:60]!r}", remedy)
        for name in (n for n, f in fields.items() if f.required and n not in mapping.entries):
            self._note(mapping, f"{name}: is not there")
        values = {
            fields[name].name: self.value(entry.value, fields[name].type)
            for name, entry in mapping.entries.items()
            if name in fields
        }
        return wanted(**values) if len(self.problems) == problems else None

    def _note(self, node: Node, wrong: str, remedy: str = "") -> None:
        attempted = f"read {self.document.file.rpartition('/')[2]}"
        self.problems.note(self.document.error(attempted, wrong, node, remedy=remedy))

    def _dict(self, node: Node, arguments: tuple[Any, ...]) -> Any:
        entries = _mapping(node).entries
        return {key: self.value(entry.value, arguments[1]) for key, entry in entries.items()}

    def _annotated(self, node: Node, arguments: tuple[Any, ...]) -> Any:
        wanted, *metas = arguments
        extras = [m.extra for m in metas if isinstance(m, msgspec.Meta) and m.extra]
        name = next((extra["unit"] for extra in extras if "unit" in extra), None)
        if name is None:
            value = self._value(node, wanted)
            within(node, value, [m for m in metas if isinstance(m, msgspec.Meta)])
            return value
        scalar = _scalar(node)
        if scalar.plain and core(scalar) is None and NoneType in get_args(wanted):
            return None
        return _quantity(scalar, name)

    def _union(self, node: Node, arguments: tuple[Any, ...]) -> Any:
        if NoneType in arguments and isinstance(node, Scalar) and _core(node) is None:
            return None
        choices = [argument for argument in arguments if argument is not NoneType]
        for choice in choices[:-1]:
            try:
                return self._value(node, choice)
            except Misfit:
                continue
        return self._value(node, choices[-1])

    def _tuple(self, node: Node, arguments: tuple[Any, ...]) -> Any:
        if not isinstance(node, Sequence):
            raise Misfit(node, "a list should be here")
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return tuple(self.value(item, arguments[0]) for item in node.items)
        if len(node.items) != len(arguments):
            raise Misfit(node, f"a list of {len(arguments)} should be here")
        return tuple(self.value(i, w) for i, w in zip(node.items, arguments, strict=True))


@cache
def _fields(wanted: type[msgspec.Struct]) -> dict[str, msgspec.structs.FieldInfo]:
    return {field.encode_name: field for field in msgspec.structs.fields(wanted)}


def _mapping(node: Node) -> Mapping:
    if not isinstance(node, Mapping):
        raise Misfit(node, "a mapping should be here")
    return node


def _scalar(node: Node) -> Scalar:
    if not isinstance(node, Scalar):
        raise Misfit(node, "one value should be here, not a list or mapping")
    return node


def _core(scalar: Scalar) -> str | float | bool | None:
    try:
        return core(scalar)
    except ValueError as error:
        raise Misfit(scalar, str(error), "write it with an exponent") from None


def _literal(node: Node, words: tuple[Any, ...]) -> str:
    return _word(node, [str(word) for word in words])


def _word(node: Node, words: list[str]) -> str:
    text = _scalar(node).text
    if text not in words:
        remedy = near(text, words) or f"write one of {listed(words)}"
        raise Misfit(node, f"{text[:60]!r} is not known here", remedy)
    return text


def _quantity(scalar: Scalar, name: str) -> float:
    base, read = unit(name), quantity(scalar.text)
    if base is None or read is None or read[1].dimension != base.dimension:
        wrong = f"{scalar.text[:60]!r} is not a quantity in {name}"
        raise Misfit(scalar, wrong, f"write a number and a unit such as {name}")
    return read[0]


def _plain(node: Node, wanted: Any) -> Any:
    scalar = _scalar(node)
    if wanted is str:
        return scalar.text
    value = _core(scalar)
    if wanted is bool and isinstance(value, bool):
        return value
    if wanted in _NUMBERS and isinstance(value, int | float) and not isinstance(value, bool):
        if wanted is float:
            return float(value)
        if value == int(value):  # 2e6 is as whole as 2000000
            return int(value)
    kind = _NUMBERS.get(wanted, "true or false" if wanted is bool else "another value")
    raise Misfit(scalar, f"{scalar.text[:60]!r} where {kind} should be")
