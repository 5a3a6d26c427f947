"""Markdown shows what failed first, and foreign text is no markup."""

import pytest
from hypothesis import given

from advisor.render import Style
from advisor.render.markdown import render
from tests.checks import EACH, hostile, line, report
from tests.fakes import PROFILE


def test_a_check_is_a_table_with_failures_first():
    lines = render(EACH, Style()).splitlines()
    assert lines[0] == (
        "### Policy workstation, gpu-node: 2 pass, 2 fail, 1 unknown, 1 not-applicable, 1 waived "
        "(exit 1)"
    )
    assert lines[4] == "| ❌ fail | bad on gpu:0 | Title. Because. |"
    assert [x.split(" ")[2] for x in lines[4:]] == [
        "fail", "fail", "unknown", "waived", "pass", "pass", "not-applicable",
    ]  # fmt: skip


def test_other_reports_are_fenced():
    text = render(PROFILE, Style())
    assert text.startswith("```text\nMachine\n")
    assert text.endswith("\n```")


@pytest.mark.parametrize("sign", list("&<>\\`*_[]|~@#"))
def test_signs_are_escaped(sign):
    text = render(report(line("r", "fail", message=f"x{sign}y")), Style())
    assert f"x&#{ord(sign)};y" in text


@given(told=hostile())
def test_foreign_text_stays_in_its_cell(told):
    rows = render(told, Style()).split("\n")[4:]
    assert len(rows) == len(told.outcomes)
    assert all(row.count("|") == 4 for row in rows)
