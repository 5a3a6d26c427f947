"""A tree becomes a Struct by the Struct's own fields."""

from enum import StrEnum
from typing import Annotated, Literal

import msgspec
import pytest

from advisor.book.convert import convert
from advisor.book.reader import parse
from advisor.errors import AdvisorErrors


class Sort(StrEnum):
    BIG = "big"


class Inner(msgspec.Struct, frozen=True):
    count: int = 1


class Outer(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    memory: Annotated[float | None, msgspec.Meta(extra={"unit": "bytes"})] = None
    sizes: tuple[int, ...] = ()
    inner: Inner | None = None
    shape: dict[str, int] = msgspec.field(default_factory=dict)
    kind: Literal["a", "b"] = "a"
    sort: Sort = Sort.BIG
    ratio: float = 1.0
    flag: bool = False


def read(text):
    document = parse(text.encode(), "a.yaml")
    return convert(document, document.root, Outer)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("name: x", Outer(name="x")),
        ("name: 7", Outer(name="7")),
        ("{name: x, memory: 24 GiB}", Outer(name="x", memory=24 * 2**30)),
        ("{name: x, memory: null}", Outer(name="x")),
        ("{name: x, sizes: [1, 2e6]}", Outer(name="x", sizes=(1, 2_000_000))),
        ("{name: x, inner: {count: 3}, shape: {m: 1}}",
         Outer(name="x", inner=Inner(3), shape={"m": 1})),
        ("{name: x, kind: b, sort: big, ratio: 2, flag: true}",
         Outer(name="x", kind="b", ratio=2.0, flag=True)),
    ],
)  # fmt: skip
def test_values(text, made):
    assert read(text) == made


@pytest.mark.parametrize(
    ("text", "column", "wrong"),
    [
        ("{name: x, nmae: y}", 11, "no key is called 'nmae'"),
        ("{ratio: 1}", 1, "name: is not there"),
        ("{name: x, memory: 24}", 19, "'24' is not a quantity in bytes"),
        ("{name: x, memory: 24 W}", 19, "'24 W' is not a quantity in bytes"),
        ("{name: x, sizes: 3}", 18, "a list should be here"),
        ("{name: x, sizes: [1.5]}", 19, "'1.5' where a whole number should be"),
        ("{name: x, sizes: [99999999999999999999]}", 19, "a number of 20 digits"),
        ("{name: x, inner: 3}", 18, "a mapping should be here"),
        ("{name: x, kind: c}", 17, "'c' is not known here"),
        ("{name: x, ratio: true}", 18, "'true' where a number should be"),
        ("{name: x, flag: yes}", 17, "'yes' where true or false should be"),
        ("{name: [x]}", 8, "one value should be here, not a list or mapping"),
    ],
)
def test_mistakes(text, column, wrong):
    with pytest.raises(AdvisorErrors) as caught:
        read(text)
    assert [p.wrong for p in caught.value.problems] == [wrong]
    assert caught.value.where.column == column


def test_all_mistakes_are_told_at_once():
    with pytest.raises(AdvisorErrors) as caught:
        read("{nmae: x, sizes: [a, b]}")
    assert len(caught.value.problems) == 4
