"""Errors say place, attempt, fault and remedy in one line."""

import pytest

from advisor.errors import AdvisorError, AdvisorErrors, Exit, Where


@pytest.mark.parametrize(
    ("where", "remedy", "line"),
    [
        (None, "", "read a.yaml: not there"),
        (None, "look again", "read a.yaml: not there; look again"),
        (Where("a.yaml"), "", "read a.yaml: not there"),
        (Where("b.yaml"), "", "b.yaml: read a.yaml: not there"),
        (Where("yaml"), "", "yaml: read a.yaml: not there"),
        (Where("a.yaml", 3), "", "a.yaml:3: read a.yaml: not there"),
        (Where("a.yaml", 3, 7), "fix it", "a.yaml:3:7: read a.yaml: not there; fix it"),
    ],
)
def test_one_line(where, remedy, line):
    assert str(AdvisorError("read a.yaml", "not there", where=where, remedy=remedy)) == line


def test_exit_codes_are_the_published_ones():
    assert {e.name: int(e) for e in Exit} == {
        "DONE": 0, "FAILED": 1, "USAGE": 2, "INCONCLUSIVE": 3, "BROKEN": 4,
        "INTERRUPTED": 130, "TERMINATED": 143,
    }  # fmt: skip


def test_several_stand_one_to_a_line_with_what_is_at_fault():
    one = AdvisorError("read a", "not there", where=Where("a.yaml", 1))
    one.excerpt = "  x\n  ^"
    two = AdvisorError("read b", "broken", code=Exit.BROKEN)
    both = AdvisorErrors("read rules", [one, two])
    assert str(both) == "a.yaml:1: read a: not there\n  x\n  ^\nread b: broken"
    assert (both.code, both.where, both.wrong) == (Exit.BROKEN, one.where, "2 mistakes")
    assert AdvisorErrors("read rules", [one]).wrong == "not there"
