"""GitHub reads annotations at the rule's line, and no command out of foreign text."""

import re

from hypothesis import given

from advisor.render import Style
from advisor.render.github import render
from tests.checks import EACH, hostile, line, report

COMMAND = r"::(?:error|warning|notice) file=([^:,\n\r]*),line=\d+,title=([^:,\n\r]*)::([^\n\r]*)"


def test_every_outcome_that_asks_for_something_is_carried():
    lines = render(EACH, Style()).splitlines()
    assert lines[0] == ("::error file=f.yaml,line=1,title=fail%3A bad on gpu%3A0::Title. Because.")
    assert [x.split(" ")[0] for x in lines[:-1]] == ["::error", "::error", "::notice", "::warning"]
    assert lines[-1] == (
        "Policy workstation, gpu-node: 2 pass, 2 fail, 1 unknown, 1 not-applicable, 1 waived: "
        "exit 1"
    )


def test_escapes():
    told = report(line("r", "fail", title="100 %\nof", message="a:b,c", file="a,b:c%.yaml"))
    assert "file=a%2Cb%3Ac%25.yaml," in render(told, Style())
    assert "::100 %25%0Aof. a:b,c" in render(told, Style())


@given(told=hostile())
def test_foreign_text_gives_no_command(told):
    *commands, last = render(told, Style()).split("\n")
    assert all(re.fullmatch(COMMAND, text) for text in commands)
    assert not last.startswith("::")
