"""A condition is true or false only if it is so everywhere inside the intervals."""

from fractions import Fraction
from random import Random

import pytest

from advisor.book.conditions import Context, read
from advisor.book.problems import Problems
from advisor.book.reader import parse
from advisor.fact import Status
from advisor.judge.conditions import decide
from tests.judge.conditions import condition, parsed, situation
from tests.judge.naive import meaning
from tests.small import VOCABULARY, known


def answer(text, **values):
    document = parse(text.encode(), "a.yaml")
    context = Context(document, VOCABULARY, "plan", Problems())
    condition = read(context, document.root)
    assert context.problems.found == []
    facts = known({name.replace("_", ".", 1): value for name, value in values.items()})
    return decide(condition, facts, [])


GIB = 2**30
MISSING = Status.MISSING


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("gpu.memory >= 24 GiB", {"gpu_memory": 24 * GIB}, True),
        ("gpu.memory > 24 GiB", {"gpu_memory": 24 * GIB}, False),
        ("gpu.memory >= 24 GiB", {"gpu_memory": None}, None),
        ("gpu.memory >= 24 GiB", {}, None),
        ("gpu.memory >= 24 GiB", {"gpu_memory": MISSING}, None),
        ("gpu.memory >= 24 GiB", {"gpu_memory": float("nan")}, None),
        ("gpu.memory >= 24 GiB", {"gpu_memory": float("inf")}, None),
        ("plan.input_share < 90 %", {"plan_input_share": (0.8, 0.95)}, None),
        ("plan.input_share < 90 %", {"plan_input_share": (0.8, 0.89)}, True),
        ("plan.input_share < 90 %", {"plan_input_share": (0.8, 0.9)}, None),
        ("plan.input_share <= 90 %", {"plan_input_share": (0.8, 0.9)}, True),
        ("plan.input_share < 90 %", {"plan_input_share": (0.9, 0.95)}, False),
        ("plan.input_share > 90 %", {"plan_input_share": (0.9, 0.95)}, None),
        ("plan.input_share >= 90 %", {"plan_input_share": (0.9, 0.95)}, True),
        ("90 % < plan.input_share", {"plan_input_share": (0.91, 0.95)}, True),
        # Equal terms are collected before values are looked at.
        ("plan.memory < 0.9 * plan.memory", {"plan_memory": (1.0, 5.0)}, False),
        ("plan.memory - plan.memory < 1 GB", {"plan_memory": (1.0, 1e30)}, True),
        ("plan.memory / plan.memory < 2", {"plan_memory": (1.0, 5.0)}, None),
        ("2 * plan.memory > plan.memory + plan.memory / 2", {"plan_memory": (1, 9)}, True),
        # A divisor that may be 0 gives unknown, even where it cancels.
        ("cpu.cores / cpu.threads < 2", {"cpu_cores": 1, "cpu_threads": (0, 4)}, None),
        ("cpu.cores / cpu.threads < 2", {"cpu_cores": 1, "cpu_threads": (1, 4)}, True),
        ("cpu.cores / 0 < 2", {"cpu_cores": 1}, None),
        (
            "cpu.cores / cpu.threads < cpu.cores / cpu.threads + 1",
            {"cpu_cores": 1, "cpu_threads": (0, 4)},
            None,
        ),
        # An unknown fact makes a comparison unknown, even where it cancels.
        ("cpu.cores < cpu.cores + 1", {"cpu_cores": None}, None),
        # Arithmetic is exact.
        ("cpu.cores * 0.1 + 0.2 == 0.3", {"cpu_cores": 1}, True),
        ("cpu.cores / 3 * 3 == 1", {"cpu_cores": 1}, True),
        ("cpu.cores == cpu.threads", {"cpu_cores": 4, "cpu_threads": 4}, True),
        ("cpu.cores != cpu.threads", {"cpu_cores": 4, "cpu_threads": (4, 8)}, None),
        ("cpu.cores in [2, 4]", {"cpu_cores": (3, 4)}, None),
        ("cpu.cores in [2, 4]", {"cpu_cores": (5, 6)}, False),
        ("cpu.cores in [2, 4]", {"cpu_cores": 4}, True),
        ("software.driver >= 550.54", {"software_driver": "550.54.14"}, True),
        ("software.driver >= 550.54", {"software_driver": "550.9"}, False),
        ("software.driver >= 550.54", {"software_driver": "newest"}, None),
        ("software.driver == 2.4", {"software_driver": "2.4.0+cu121"}, True),
        ("plan.place in [cpu, igpu:0]", {"plan_place": "igpu:0"}, True),
        ("plan.place != cpu", {"plan_place": "igpu:0"}, True),
        ("gpu.vendor == cpu.vendor", {"gpu_vendor": "amd", "cpu_vendor": "amd"}, True),
        ("constraint.offline == false", {"constraint_offline": True}, False),
        ("exists software.driver", {"software_driver": MISSING}, False),
        ("absent software.driver", {"software_driver": MISSING}, True),
        ("exists software.driver", {"software_driver": None}, None),
        ("absent software.driver", {"software_driver": "1"}, False),
        ("{all: [cpu.cores > 1, cpu.threads > 1]}", {"cpu_cores": 1}, False),
        ("{all: [cpu.cores > 1, cpu.threads > 1]}", {"cpu_cores": 2}, None),
        ("{any: [cpu.cores > 1, cpu.threads > 1]}", {"cpu_cores": 2}, True),
        ("{any: [cpu.cores > 1, cpu.threads > 1]}", {"cpu_cores": 1}, None),
        ("{not: cpu.cores > 1}", {"cpu_cores": 1}, True),
        ("{not: cpu.cores > 1}", {}, None),
        ("{not: {any: [cpu.cores > 1, exists software.driver]}}", {"cpu_cores": 2}, False),
    ],
)
def test_answers(text, values, expected):
    assert answer(text, **values) is expected


def test_steps_stand_before_their_parts_and_carry_the_facts():
    document = parse(b"{all: [cpu.cores > 1, {not: cpu.threads > 1}]}", "a.yaml")
    condition = read(Context(document, VOCABULARY, "plan", Problems()), document.root)
    steps = []
    decide(condition, known({"cpu.cores": 2}), steps, "applies")
    assert [(s.text, s.answer, s.depth, s.part) for s in steps] == [
        ("all", None, 0, "applies"),
        ("cpu.cores > 1", True, 1, "applies"),
        ("not", None, 1, "applies"),
        ("cpu.threads > 1", None, 2, "applies"),
    ]
    assert [(f.name, f.value, f.status) for f in steps[1].facts] == [("cpu.cores", 2, "known")]
    assert steps[3].facts[0].why == "nothing was found out about it"


SEEDS = range(40)  # of 300 conditions each


@pytest.mark.parametrize("seed", SEEDS)
def test_the_page_alone_says_the_same(seed):
    random = Random(seed)
    for _ in range(300):
        tree = condition(random)
        facts, plainly = situation(random)
        assert decide(parsed(tree), facts, []) is meaning(tree, plainly), (tree, plainly)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_answer_holds_at_every_point_inside(seed):
    random = Random(1000 + seed)
    answered = 0
    while answered < 30:
        tree = condition(random)
        facts, plainly = situation(random)
        expected = decide(parsed(tree), facts, [])
        if expected is not None:
            answered += 1
            assert [meaning(tree, point(random, plainly)) for _ in range(4)] == [expected] * 4


def point(random, plainly):
    """The same situation with every interval shrunk to a point of it, often an end."""
    return {
        name: (inside(random, *value),) * 2 if isinstance(value, tuple) else value
        for name, value in plainly.items()
    }


def inside(random, low, high):
    share = random.choice([0, 1, Fraction(random.randint(0, 1000), 1000)])
    return low + share * (high - low)


def test_random_conditions_give_every_answer():
    random = Random(7)
    given = [decide(parsed(condition(random)), situation(random)[0], []) for _ in range(500)]
    assert min(given.count(answer) for answer in (True, False, None)) > 50


def test_a_fact_that_cancels_must_still_be_a_number():
    values = {"cpu_cores": 1, "cpu_threads": float("nan")}
    assert answer("cpu.cores + cpu.threads - cpu.threads > 0", **values) is None
