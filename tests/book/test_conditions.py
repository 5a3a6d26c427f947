"""One line of a rule becomes a condition, or one clear error at its column."""

import pytest

from advisor.book.conditions import line, names
from advisor.book.lexer import Fault
from advisor.errors import Where
from advisor.fact import Kind
from advisor.rule import Comparison, Constant, Existence, Membership, Name
from tests.small import VOCABULARY

HERE = Where("a.yaml", 1, 1)


def read(text, subject="plan"):
    return line(text, HERE, VOCABULARY, subject)


@pytest.mark.parametrize(
    ("text", "operator", "value"),
    [
        ("gpu.memory >= 24 GiB", ">=", 24 * 2**30),
        ("gpu.memory >= 24GB", ">=", 24e9),
        ("plan.input_share < 90 %", "<", 0.9),
        ("gpu.temperature > -5 °C", ">", -5),
        ("gpu.matmul_peak.fp16 > 50 TFLOPS", ">", 50e12),
        ("plan.input_rate <= 30 samples/s", "<=", 30),
        ("plan.place == gpu:0+1", "==", "gpu:0+1"),
        ("plan.place != 'an edge box'", "!=", "an edge box"),
        ("software.driver >= 550.54", ">=", "550.54"),
        ("software.driver < 2.4.1", "<", "2.4.1"),
        ("constraint.offline == true", "==", True),
        ("cpu.cores == 4", "==", 4),
    ],
)
def test_a_comparison_with_a_constant(text, operator, value):
    read_line = read(text)
    assert isinstance(read_line, Comparison)
    assert isinstance(read_line.right, Constant)
    assert (read_line.operator, read_line.right.value) == (operator, value)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("plan.place in [cpu, gpu:0, 'a b']", ["cpu", "gpu:0", "a b"]),
        ("cpu.cores in [2, 4]", [2, 4]),
        ("gpu.temperature in [-5 °C, 5 °C]", [-5, 5]),
        ("software.driver in [550.54, 560]", ["550.54", "560"]),
    ],
)
def test_membership(text, values):
    read_line = read(text)
    assert isinstance(read_line, Membership)
    assert [choice.value for choice in read_line.choices] == values


@pytest.mark.parametrize(("word", "wanted"), [("exists", True), ("absent", False)])
def test_existence(word, wanted):
    assert read(f"{word} software.driver") == Existence(
        "software.driver", wanted, f"{word} software.driver", HERE
    )


@pytest.mark.parametrize("text", ["gpu.vendor == cpu.vendor", "cpu.cores < cpu.threads"])
def test_facts_on_both_sides(text):
    assert isinstance(read(text).right, Name)


def test_strength_and_parentheses():
    loose = read("cpu.cores + 2 * cpu.threads - 1 > 0").left
    assert (loose.operator, loose.left.operator, loose.left.right.operator) == ("-", "+", "*")
    tight = read("(cpu.cores + 2) * cpu.threads > 0").left
    assert (tight.operator, tight.left.operator) == ("*", "+")


@pytest.mark.parametrize(
    ("text", "column", "wrong", "remedy"),
    [
        ("gpu.memory >= 24 TFLOPS", 14, "bytes is not compared with flops/second", ""),
        ("gpu.memory >= 24", 14, "bytes is not compared with a plain number", ""),
        ("gpu.temperature > 80 W", 18, "celsius", ""),
        ("gpu.memroy >= 24 GiB", 0, "no fact is called 'gpu.memroy'", "gpu.memory"),
        ("gpu.memory >= 24 GiBs", 17, "'GiBs' is not a unit", "GiB"),
        ("gpu.memory + cpu.cores > 1 GB", 11, "bytes and a plain number do not add", ""),
        ("plan.input_share == 90 %", 17, "has a width", "<= or >="),
        ("90 % == plan.input_share", 5, "has a width", "<= or >="),
        ("plan.memory in [1 GB]", 12, "has a width", "<= or >="),
        ("plan.place > cpu", 11, "a text has no order", "=="),
        ("plan.place * 2 > 3", 0, "arithmetic on a text", ""),
        ("workload.phase == trainin", 18, "never 'trainin'", "training"),
        ("plan.place == gpu.vendr", 14, "no fact is called 'gpu.vendr'", "gpu.vendor"),
        ("constraint.offline", 18, "the end where a comparison should be", "== true"),
        ("constraint.offline == maybe", 22, "true or false", ""),
        ("software.driver > new", 18, "a version such as", ""),
        ("cpu.cores = 4", 10, "means nothing", "write =="),
        ("cpu.cores ≥ 4", 10, "means nothing", "write >="),
        ("1 < cpu.cores < 4", 14, "after the end", "all: block"),
        ("cpu.cores > 1 and cpu.cores < 4", 14, "after the end", "all: block"),
        ("cpu.cores > 1 or cpu.cores < 4", 14, "after the end", "any: block"),
        ("cpu.cores > (1", 14, "the end where ')' should be", ""),
        ("cpu.cores >", 11, "the end where a fact", ""),
        ("cpu.cores in 4", 13, "where '[' should be", ""),
        ("2 > 1", 0, "names no fact", ""),
        ("exists", 6, "a fact's name", ""),
        ("", 0, "the end where a fact", ""),
        ("cpu.cores > 1.2.3", 12, "not a number", ""),
        ("cpu.cores > " + "1 + " * 40 + "1", 142, "operators", ""),
        ("cpu.cores > " + "(" * 40 + "1" + ")" * 40, 44, "parentheses", ""),
        ("cpu.cores > " + "1" * 1000, 1000, "1012 characters", ""),
    ],
)
def test_mistakes(text, column, wrong, remedy):
    with pytest.raises(Fault) as caught:
        read(text)
    assert caught.value.offset == column
    assert wrong in caught.value.wrong
    assert remedy in caught.value.remedy


def test_facts_of_other_subjects_are_not_seen():
    with pytest.raises(Fault, match="not visible to a rule for: machine"):
        read("gpu.memory > 1 GB", "machine")


def test_kinds_are_kept():
    assert read("software.driver >= 5").kind is Kind.VERSION


def test_the_facts_of_a_line_are_in_order():
    line_read = read("cpu.threads * 2 > cpu.cores / 2 + cpu.threads")
    assert line_read.facts == ("cpu.threads", "cpu.cores")


def test_names():
    assert names(read("cpu.cores * 2 > cpu.threads / 2")) == {"cpu.cores", "cpu.threads"}
    assert names(read("exists software.driver")) == {"software.driver"}
