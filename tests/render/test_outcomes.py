"""Every dialect says the same words of an outcome."""

import pytest

from advisor.errors import AdvisorError
from advisor.render.outcomes import checked, line, name, words
from tests import checks
from tests.fakes import PROFILE


@pytest.mark.parametrize(
    ("outcome", "named", "said"),
    [
        (checks.line("r", "pass"), "r", "Title. Because."),
        (checks.line("r", "fail", "gpu:0", title="Why?"), "r on gpu:0", "Why? Because."),
        (checks.line("r", "unknown"), "r", "Title. Because. To settle: mlinfra bench."),
    ],
)
def test_says(outcome, named, said):
    assert (name(outcome), words(outcome)) == (named, said)


def test_only_checks_have_dialects():
    assert checked(checks.EACH, "tap") is checks.EACH
    with pytest.raises(AdvisorError, match="print as tap: only a check can be"):
        checked(PROFILE, "tap")


def test_one_line():
    assert line(" a\n\tb\u2028c ") == "a b c"
