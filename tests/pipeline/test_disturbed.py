"""Figures that were taken under load are named, and operators among them timed again."""

import pytest
from msgspec.structs import replace

from advisor.measurement import Quality
from advisor.pipeline.disturbed import calm, disturbed, shaken
from advisor.report import DisturbedLine
from tests.fakes import measured, profile

WIDE = "rounds differ so much that the figure is ±167%"
LOAD, OTHER = "other processes took 46 % of the processors", "running on battery"


def rows(valid, *causes, name="op", device="cpu"):
    sound = [measured(name, device, 1.0, "s") for _ in range(valid)]
    doubtful = replace(measured(name, device, 1.0, "s"), quality=Quality.SUSPECT)
    return [*sound, *(replace(doubtful, cause=cause) for cause in causes)]


@pytest.mark.parametrize(
    ("taken", "lines"),
    [
        (rows(9), []),
        (rows(9, LOAD), []),  # a tenth, as in a quiet run
        (rows(8, LOAD, LOAD.replace("46", "50"), OTHER), [DisturbedLine("cpu", 3, 11, LOAD)]),
        (rows(0, OTHER), [DisturbedLine("cpu", 1, 1, OTHER)]),
        (rows(0, f"{WIDE}; {LOAD}"), [DisturbedLine("cpu", 1, 1, LOAD)]),
        (rows(0, WIDE), [DisturbedLine("cpu", 1, 1, WIDE)]),
        (rows(0, LOAD, device="gpu:0"), []),  # not where the plan runs
    ],
)
def test_places_with_many_disturbed_figures_are_named_with_the_commonest_cause(taken, lines):
    assert list(disturbed(taken, ["cpu"])) == lines


def test_only_operators_are_timed_again_by_an_answer():
    bench = rows(1, LOAD, name="memory.triad")
    quiet, loaded = (profile(measurements=(*bench, *rows(1, *some))) for some in ((), [LOAD]))
    assert (shaken(quiet), shaken(loaded)) == (False, True)
    assert [(m.name, m.quality) for m in calm(loaded).measurements] == [
        ("memory.triad", "valid"), ("memory.triad", "suspect"), ("op", "valid"),
    ]  # fmt: skip
