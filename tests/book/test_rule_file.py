"""A rule file is read whole, and all its mistakes are told at once."""

from random import Random

import pytest

from advisor.book.problems import Problems
from advisor.book.reader import parse
from advisor.book.rule_file import rule
from advisor.book.rules import one_file, top
from advisor.errors import AdvisorError
from advisor.rule import Effect, Severity
from tests.small import VOCABULARY

GOOD = """\
id: gpu-waits-for-data
title: The GPU will wait for data
for: plan
applies: workload.phase == training
when:
  all:
    - plan.place != cpu
    - plan.input_share < 90 %
effect: advise
advice: Raise the workers to {plan.workers_needed}.
because: The input pipeline delivers {plan.input_rate}.
severity: warning
fix: true
refs: [https://example.org/a, "https://example.org/b"]
examples:
  - expect: fires
    facts: {workload.phase: training, plan.place: gpu:0, plan.input_share: 38 %}
  - expect: unknown
    facts: {workload.phase: training, plan.place: gpu:0, plan.input_share: 80 % to 95 %}
"""


def read(text):
    problems = Problems()
    document = parse(text.encode(), "a.yaml")
    return rule(document, top(document, "rule"), VOCABULARY, problems), problems.found


def test_a_good_rule():
    made, problems = read(GOOD)
    assert problems == []
    assert (made.id, made.subject, made.effect) == ("gpu-waits-for-data", "plan", Effect.ADVISE)
    assert (made.severity, made.fix, len(made.refs)) == (Severity.WARNING, True, 2)
    assert [e.expect for e in made.examples] == ["fires", "unknown"]
    assert made.examples[1].facts[2].low == 0.8
    assert (made.where.line, made.where.column) == (1, 1)


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "wrong", "remedy"),
    [
        ("effect: advise", "efect: advise", 9, 1, "no key is called 'efect'", "effect"),
        ("effect: advise", "effect: advice", 9, 9, "never 'advice'", "advise"),
        ("for: plan", "for: plane", 3, 6, "never 'plane'", "plan"),
        ("input_share < 90 %", "input_shar < 90 %", 8, 7, "'plan.input_shar'", "plan.input_share"),
        ("input_share < 90 %", "input_share < 90 W", 8, 26, "not compared with watts", ""),
        ("  all:", "  al:", 6, 3, "'al' where one of", "all"),
        ("{plan.input_rate}", "{plan.inputrate}", 11, 39, "'plan.inputrate'", "plan.input_rate"),
        ("{plan.input_rate}", "{plan.input_rate", 11, 39, "no fact", ""),
        ("fix: true", "fix: yes", 13, 6, "true or false", ""),
        ("fix: true", "worth: 10 %", 13, 8, "only a prefer rule", ""),
        ("fix: true", "gain: slots", 13, 7, "is never 'slots'", "did you mean 'slot'"),
        ("share: 38 %", "share: 38 GB", 17, 76, "is in a plain number, not bytes", ""),
        ("share: 38 %", "share: much", 17, 76, "wants a number", ""),
        ("share: 38 %", "share: 40 % to 38 %", 17, 76, "ends before it begins", ""),
        (
            "plan.place: gpu:0, plan.input_share: 38 %",
            "plan.plac: 1",
            17,
            39,
            "'plan.plac'",
            "plac",
        ),
        ("expect: fires", "expect: fire", 16, 13, "never 'fire'", "fires"),
        ("title: The GPU will wait for data", "title: ''", 2, 8, "title: is empty", ""),
        ("id: gpu-waits-for-data\n", "", 1, 1, "id: is not there", ""),
        ("refs: [", "refs: {", 14, 54, "", ""),
        ("applies: workload", "applies: [workload", 5, 5, "", ""),
    ],
)
def test_mistakes(old, new, line, column, wrong, remedy):
    assert old in GOOD
    try:
        made, problems = read(GOOD.replace(old, new))
    except Exception as error:  # noqa: BLE001 -- what is no YAML is told by the reader
        made, problems = None, [error]
    assert made is None
    where = problems[0].where
    assert wrong in problems[0].wrong
    assert (where.line, where.column) == (line, column)
    assert remedy in problems[0].remedy


def test_only_plans_are_forbidden_or_preferred():
    text = "id: a\ntitle: t\nfor: gpu\nwhen: gpu.memory < 1 GB\neffect: forbid\n"
    assert read(text)[1][0].where.line == 5


@pytest.mark.parametrize(
    ("text", "worth"), [("10 %", 0.1), ("0.5", 0.5), ("ten", None), ("1 GB", None), ("-5 %", None)]
)
def test_worth(text, worth):
    made, problems = read(
        f"id: a\ntitle: t\nfor: plan\nwhen: cpu.cores < 1\neffect: prefer\nworth: {text}\n"
    )
    assert (made.worth if made else None) == worth
    assert len(problems) == (worth is None)


def test_all_mistakes_are_told_in_one_pass():
    bad = GOOD.replace("90 %", "90 W").replace("fix: true", "fxi: true").replace("38 %", "38 GB")
    assert [p.where.line for p in read(bad)[1]] == [13, 8, 17]


PIECES = [
    *("\t", "\x00", "'", '"', "{", "}", "[", "]", ": ", "- ", "&a ", "*a", "!!x ", "|", ">", "\n"),
    *("9" * 400, "é", "\u202e", "# ", "%", "---\n", "? ", "~", "all:", "{cpu.cores}", "°C"),
]


def mutated(random):
    """The good rule with a few characters lost, doubled, moved or replaced."""
    text = GOOD
    for _ in range(random.randint(1, 4)):
        start = random.randrange(len(text))
        end = min(len(text), start + random.choice([0, 1, 1, 5, 40]))
        piece = random.choice([*PIECES, "", text[start:end] * 2, text[: random.randint(0, 30)]])
        text = text[:start] + piece + text[end:]
    return text


@pytest.mark.parametrize("seed", range(30))
def test_a_damaged_rule_is_read_or_refused_with_its_place(seed, tmp_path):
    random = Random(seed)
    path = tmp_path / "gpu-waits-for-data.yaml"
    for _ in range(100):
        path.write_text(mutated(random))
        said = outcome(path)
        assert all(p.where.file == str(path) and p.wrong for p in said)
        assert "\n" not in "".join(p.wrong + p.remedy for p in said)


def outcome(path):
    """The mistakes of a file, none if it is a rule; anything else that rises is a bug."""
    try:
        assert one_file(path, VOCABULARY).id == path.stem
    except AdvisorError as error:
        return error.problems
    return ()
