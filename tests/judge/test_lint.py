"""Lint says what a rule can never say, and what it leaves out."""

import pytest
from msgspec.structs import replace

from advisor.errors import Where
from advisor.judge.lint import lint
from advisor.rule import Severity
from tests.judge.rules import make
from tests.small import VOCABULARY

EXAMPLES = "[{expect: fires, facts: {}}, {expect: quiet, facts: {}}, {expect: unknown, facts: {}}]"
WHOLE = {"advice": "Do.", "because": "So.", "refs": "[https://example.org]", "examples": EXAMPLES}


def said(*rules, **keys):
    made = [make(**(WHOLE | {"for": "plan"} | rule)) for rule in (rules or (keys,))]
    return [(r.rule, r.severity, r.wrong) for r in lint(made, VOCABULARY)]


ERROR, WARNING = Severity.ERROR, Severity.WARNING


@pytest.mark.parametrize(
    ("keys", "severity", "wrong"),
    [
        ({"when": "plan.input_rate < plan.compute_rate"}, ERROR, "share an error"),
        ({"when": "plan.input_rate / plan.compute_rate < 1"}, ERROR, "share an error"),
        ({"when": "software.driver < 5"}, WARNING, "software.driver may be missing"),
        ({"when": "{any: [software.driver < 5, cpu.cores > 4]}"}, WARNING, "missing"),
        ({"when": "{all: [cpu.cores > 4, cpu.cores < 2]}"}, ERROR, "when: is never true"),
        ({"when": "cpu.cores > 4", "applies": "cpu.cores < 2"}, ERROR, "never both true"),
        ({"when": "{any: [cpu.cores > 4, cpu.cores < 5]}"}, ERROR, "when: is never false"),
        ({"when": "cpu.cores > 1", "examples": "[{expect: fires}, {expect: quiet}]"}, ERROR,
         "no example in which it is unknown"),
        ({"when": "cpu.cores > 1", "examples": "[{expect: fires}, {expect: unknown}]"}, ERROR,
         "no example in which it stays quiet"),
        ({"when": "cpu.cores > 1", "applies": "cpu.threads > 1"}, WARNING, "does not apply"),
        ({"when": "cpu.cores > 1", "refs": "[]"}, WARNING, "refs: is not there"),
    ],
)  # fmt: skip
def test_remarks(keys, severity, wrong):
    assert [(s, wrong in w) for _, s, w in said(**keys)][:1] == [(severity, True)]


@pytest.mark.parametrize(
    "keys",
    [
        {"when": "{all: [exists software.driver, software.driver < 5]}"},
        {"when": "{any: [absent software.driver, software.driver < 5]}"},
        {"when": "{all: [exists software.driver, {any: [cpu.cores > 4, software.driver < 5]}]}"},
        {"when": "plan.memory < gpu.memory"},
        {"when": "plan.input_share < 90 %"},
    ],
)
def test_good_rules_are_left_alone(keys):
    assert said(**keys) == []


def test_a_guard_may_stand_in_applies():
    made = said(when="software.driver < 5", applies="exists software.driver")
    assert [w for _, _, w in made] == ["no example in which it does not apply"]


@pytest.mark.parametrize(
    ("one", "other", "shadowed"),
    [
        ("cpu.cores < 2", "cpu.cores < 4", ["a"]),
        ("cpu.cores < 4", "cpu.cores < 2", ["b"]),
        ("cpu.cores < 4", "cpu.cores < 4", ["b"]),
        ("cpu.cores < 4", "cpu.cores > 4", []),
        ("{all: [cpu.cores < 4, cpu.threads < 4]}", "cpu.cores < 4", ["a"]),
        ("cpu.cores < 4", "{any: [cpu.cores < 8, cpu.threads < 4]}", []),
        ("plan.place == cpu", "plan.place in [cpu, server]", ["a"]),
    ],
)
def test_shadowed(one, other, shadowed):
    rules = [{"id": i, "when": w, "effect": "forbid"} for i, w in (("a", one), ("b", other))]
    assert [r for r, _, w in said(*rules) if "wherever it fires" in w] == shadowed


@pytest.mark.parametrize(
    ("change", "shadowed"),
    [
        ({"effect": "prefer"}, False),
        ({"severity": "error"}, False),
        ({"for": "gpu"}, False),
        ({}, True),
    ],
)
def test_only_rules_that_do_the_same_shadow(change, shadowed):
    rules = [
        {"id": "a", "when": "cpu.cores < 4", "effect": "forbid"} | change,
        {"id": "b", "when": "cpu.cores < 8", "effect": "forbid"},
    ]
    if change == {"for": "gpu"}:
        rules = [rule | {"effect": "advise"} for rule in rules]
    assert any("wherever it fires" in w for _, _, w in said(*rules)) is shadowed


@pytest.mark.parametrize(("file", "shadowed"), [("f.yaml", True), ("g.yaml", False)])
def test_each_policy_has_floors_of_its_own(file, shadowed):
    whole = WHOLE | {"effect": "require", "for": "machine"}
    rules = [
        replace(make(**whole, id=name, when=when), where=Where(where, line))
        for name, when, where, line in (
            ("a", "cpu.cores >= 4", "f.yaml", 1), ("b", "cpu.cores >= 8", file, 9),
        )
    ]  # fmt: skip
    found = lint(rules, VOCABULARY)
    assert any("wherever it fires" in remark.wrong for remark in found) is shadowed


@pytest.mark.parametrize(("name", "shadowed"), [("a", True), ("b", False)])
def test_a_users_rule_may_be_needless_beside_those_in_force(name, shadowed):
    keys = WHOLE | {"effect": "forbid", "for": "plan"}
    mine = make(**keys, id=name, when="cpu.cores < 2")
    shipped = make(**keys, id="b", when="cpu.cores < 2")  # one of the same id replaces it
    found = lint([mine], VOCABULARY, [shipped])
    assert any("wherever it fires" in remark.wrong for remark in found) is shadowed
    assert {remark.rule for remark in found} <= {name}
