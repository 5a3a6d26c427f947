"""Authors see their rules listed, linted, tested and explained."""

import msgspec
import pytest

from advisor.errors import AdvisorError
from advisor.pipeline.look import Look
from advisor.pipeline.rules import explain, find, lint, listing, show, trials
from advisor.vocabulary import declared
from tests.fakes import PROFILE
from tests.tools.write_rules import PAGE, page

RULE = """\
id: few-cores
title: There are few cores
for: machine
when: cpu.cores < 1000
advice: Find more than {cpu.cores}.
because: More is faster.
refs: [https://example.org]
examples:
  - {expect: fires, facts: {cpu.cores: 4}}
  - {expect: quiet, facts: {cpu.cores: 4000}}
  - {expect: unknown}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "few-cores.yaml").write_text(RULE)
    return tmp_path


@pytest.fixture
def look(tmp_path):
    path = tmp_path / "profile.json"
    path.write_bytes(msgspec.json.encode(PROFILE))
    return Look(profile=path)


def test_a_good_folder(folder):
    assert lint([folder], []).remarks == ()
    report = trials([folder], [])
    assert ([trial.passed for trial in report.trials], report.exit) == ([True] * 3, 0)


@pytest.mark.parametrize(
    ("old", "new", "severity", "wrong", "code"),
    [
        ("cpu.cores <", "cpu.core <", "error", "no fact is called 'cpu.core'", 1),
        ("  - {expect: unknown}\n", "", "error", "no example in which it is unknown", 1),
        ("because: More is faster.\n", "", "warning", "because: is not there", 0),
    ],
)
def test_lint(folder, old, new, severity, wrong, code):
    (folder / "few-cores.yaml").write_text(RULE.replace(old, new))
    report = lint([folder], [])
    assert [(r.severity, r.wrong) for r in report.remarks] == [(severity, wrong)]
    assert report.exit == code


def test_an_example_that_fails(folder):
    (folder / "few-cores.yaml").write_text(RULE.replace("cores: 4}", "cores: 4000}"))
    report = trials([folder], [])
    assert ([trial.passed for trial in report.trials], report.exit) == ([False, True, True], 1)
    assert report.trials[0].verdict.steps[0].answer is False


def test_nothing_to_test_is_no_pass(tmp_path):
    with pytest.raises(AdvisorError, match="no rule there has an example"):
        trials([tmp_path], [])


def test_what_cannot_be_read_is_not_tested(folder):
    (folder / "few-cores.yaml").write_text("a: [")
    with pytest.raises(AdvisorError, match=r"few-cores\.yaml"):
        trials([folder], [])


def test_the_shipped_rules_are_in_order():
    report = lint([], [])
    assert [f"{r.file}: {r.wrong}" for r in report.remarks] == []
    assert report.files > 20
    assert trials([], []).exit == 0


def test_a_rule_that_takes_the_place_of_a_shipped_one_is_marked(folder):
    text = RULE.replace("few-cores", "cpus-are-limited")
    (folder / "cpus-are-limited.yaml").write_text(text)
    replaced = {r.id: r.replaces for r in listing([folder]).rules if r.replaces}
    assert replaced == {"cpus-are-limited": "rules/health/cpus-are-limited.yaml"}


def test_show(folder):
    assert show("few-cores", [folder]).text == RULE


def test_explain(folder, look):
    report = explain("few-cores", look, None, [folder])
    (verdict,) = report.verdicts
    assert (verdict.subject, verdict.truth, verdict.steps[0].text) == (
        "machine", "fires", "cpu.cores < 1000",
    )  # fmt: skip


def test_explain_with_a_workload_speaks_of_its_plans(look):
    report = explain("plan-must-fit-memory", look, "cnn", [])
    assert {v.subject.partition("/")[0] for v in report.verdicts} == {"training", "inference"}


def test_a_rule_that_is_not_there_gets_the_nearest():
    with pytest.raises(AdvisorError, match="did you mean 'plan-must-fit-memory'"):
        find("plan-must-fit-memry", [], declared())


def test_the_catalogue_page_is_current():
    assert PAGE.read_text() == page(), "run: python tests/tools/write_rules.py"
