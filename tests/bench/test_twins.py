"""The same work timed twice in one run tells whether the machine changed its speed."""

import pytest

from advisor.bench.twins import doubted
from advisor.measurement import Quality
from tests.fakes import measured

SHAPE = {"m": 512, "n": 512, "k": 512}
SLOW = measured("matmul.peak", "cpu", 7e10, "FLOP/s", dtype="fp32", conditions=SHAPE)


def surface(value, **more):
    given = {"dtype": "fp32", "conditions": SHAPE, **more}
    return measured("matmul", "cpu", value, "FLOP/s", **given)


def test_a_figure_far_from_its_twin_is_suspect_and_spans_both():
    found = doubted(SLOW, [surface(2.1e11)])
    assert found.quality is Quality.SUSPECT
    assert found.cause.startswith("the same work ran at 3 times this rate before")
    assert (found.low, found.high) == (SLOW.low, 2.1e11 * 1.05)


@pytest.mark.parametrize(
    "before",
    [
        [],
        [surface(8e10)],
        [surface(2.1e11, dtype="bf16")],
        [surface(2.1e11, conditions={**SHAPE, "k": 64})],
        [surface(2.1e11, quality=Quality.INVALID, cause="noise")],
    ],
)
def test_else_it_stands_as_it_is(before):
    assert doubted(SLOW, before) is SLOW


def test_triad_has_a_twin_on_the_ladder():
    triad = measured("memory.triad", "cpu", 3e10, "bytes/s", conditions={"bytes": 2**28})
    step = measured("memory.triad.at", "cpu", 9e10, "bytes/s", conditions={"bytes": 2**28})
    assert doubted(triad, [step]).quality is Quality.SUSPECT
