"""Parts carry a source for each figure, and a name means one part or says why not."""

import pytest

from advisor.errors import AdvisorError
from advisor.part import Part, Shelf, Source, index, resolve, source_of, stocked

GIB = 2.0**30


def part(name, *names, memory=None, launch=None, **figures):
    size = memory * GIB if memory else None
    return Part(name=name, names=names, kind="gpu", memory=size, launch=launch, **figures)


CATALOGUE = index(
    [
        part("Maker RTX 30 10GB", "Maker RTX 30", memory=10, launch="2020-09"),
        part("Maker RTX 30 12GB", "Maker RTX 30", memory=12, launch="2022-01"),
        part("Maker RTX 40", memory=24),
        part("Maker RTX 40 D", memory=24),
        part("Maker Twin A", "Maker Twin", memory=8),
        part("Maker Twin B", "Maker Twin", memory=8),
    ]
)


@pytest.mark.parametrize(
    ("name", "memory", "found", "said"),
    [
        ("Maker RTX 40", None, "Maker RTX 40", ""),
        ("  maker  rtx 40 d ", None, "Maker RTX 40 D", ""),
        ("Maker RTX 30", None, "Maker RTX 30 10GB", "launched first"),
        ("Maker RTX 30", 11.6 * GIB, "Maker RTX 30 12GB", "told by its memory"),
        ("Maker RTX 30", 9.9 * GIB, "Maker RTX 30 10GB", "told by its memory"),
        ("Maker RTX 30", 24 * GIB, "Maker RTX 30 10GB", "launched first"),
    ],
)
def test_a_name_means_one_part(name, memory, found, said):
    answer = resolve(CATALOGUE, name, memory)
    assert answer.part.name == found
    assert said in answer.note


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Maker RTX 41", "Maker RTX 40"),
        ("RTX 40", "no part has this name"),
        ("Maker Twin", "several differ: Maker Twin A, Maker Twin B"),
        ("", "no part has this name"),
    ],
)
def test_a_name_that_means_none_or_several_is_an_error(name, message):
    with pytest.raises(AdvisorError, match=message):
        resolve(CATALOGUE, name)


def test_a_users_part_replaces_one_of_the_same_name():
    mine = index([part("Maker X", price=100.0), part("maker x", price=80.0)])
    assert resolve(mine, "Maker X").part.price == 80.0


def test_each_figure_has_a_source():
    paper = Source("paper", "2022-01", "units x clock")
    shop = Source("shop", "2024-05")
    shelf = Shelf(
        vendor="Maker",
        source="page",
        date="2024-01",
        architectures={"ada": paper},
        parts=(
            part("A", architecture="ada", price=1.0, sources={"price": shop}),
            part("B", source="own page"),
        ),
    )
    first, second = stocked(shelf)
    assert source_of(first, "price") == shop
    assert source_of(first, "peaks.fp16") == paper
    assert source_of(first, "bandwidth") == Source("page", "2024-01")
    assert source_of(second, "peaks") == Source("own page", "2024-01")
    assert (first.vendor, second.vendor) == ("Maker", "Maker")
