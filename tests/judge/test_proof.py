"""What can never hold is proved; what can is never called impossible."""

from random import Random

import pytest

from advisor.judge.conditions import decide
from advisor.judge.proof import excluded
from tests.judge.conditions import VOCABULARY as RANDOM_WORDS
from tests.judge.conditions import condition, parsed, situation
from tests.judge.rules import make
from tests.small import VOCABULARY


def when(text):
    return make(**{"for": "plan"}, when=text).when


@pytest.mark.parametrize(
    "text",
    [
        "{all: [cpu.cores > 4, cpu.cores < 2]}",
        "{all: [cpu.cores > 4, cpu.cores <= 4]}",
        "{all: [cpu.cores == 4, cpu.cores != 4]}",
        "{all: [2 * cpu.cores > 8, 4 >= cpu.cores]}",
        "{all: [cpu.cores > cpu.threads, cpu.threads > cpu.cores]}",
        "{all: [cpu.cores - cpu.threads > 1, cpu.cores < cpu.threads]}",
        "{all: [cpu.cores / cpu.threads > 2, cpu.cores / cpu.threads < 1]}",
        "cpu.cores > cpu.cores",
        "{all: ['workload.phase == training', 'workload.phase == inference']}",
        "{all: [plan.place == cpu, plan.place != cpu]}",
        "{all: [workload.phase != training, workload.phase != inference]}",
        "{all: ['plan.place in [a, b]', 'plan.place in [c, d]']}",
        "{all: [software.driver > 560, software.driver < 550.54]}",
        "{all: [exists software.driver, absent software.driver]}",
        "{all: [software.driver > 1, absent software.driver]}",
        "{all: [constraint.offline == true, constraint.offline == false]}",
        "{all: [{any: [cpu.cores < 1, cpu.cores < 2]}, {not: cpu.cores < 3}]}",
    ],
)
def test_never(text):
    assert excluded([(when(text), True)], VOCABULARY)


@pytest.mark.parametrize(
    "text",
    [
        "{all: [cpu.cores > 4, cpu.cores < 5]}",
        "{all: [cpu.cores >= 4, cpu.cores <= 4]}",
        "{all: [cpu.cores > 4, cpu.threads < 2]}",
        "{all: [plan.place == cpu, workload.phase == training]}",
        "{all: [workload.phase != training, plan.place != training]}",
        "{any: [cpu.cores > cpu.cores, cpu.cores > 1]}",
        "{all: [software.driver >= 2.4, software.driver <= 2.4.0]}",
        "{all: [{any: [cpu.cores < 1, cpu.cores > 9]}, cpu.cores > 3]}",
    ],
)
def test_perhaps(text):
    assert not excluded([(when(text), True)], VOCABULARY)


def test_never_false():
    assert excluded([(when("{any: [cpu.cores < 4, cpu.cores > 3]}"), False)], VOCABULARY)


@pytest.mark.parametrize("seed", range(20))
def test_what_happens_was_never_excluded(seed):
    random = Random(seed)
    for _ in range(100):
        made = parsed(condition(random))
        answer = decide(made, situation(random)[0], [])
        if answer is not None:
            assert not excluded([(made, answer)], RANDOM_WORDS)


def test_too_many_ways_are_not_followed():
    parts = ", ".join(f"{{any: [cpu.cores > {n}, cpu.threads > {n}]}}" for n in range(20))
    assert not excluded(
        [(when(f"{{all: [{parts}, cpu.cores > 4, cpu.cores < 2]}}"), True)], VOCABULARY
    )
