"""What was not stated is missing, unless there is a default, which says that it is one."""

import pytest

from advisor.constraint import Constraints, Link
from advisor.fact import Status
from advisor.vocabulary.constraint import CONSTRAINT, OPTIONAL, facts

STATED = facts(
    Constraints(
        latency=0.05, link=Link(2e7, 0.04, may_drop=True), model_changes="yearly", stated=("link",)
    )
)


def test_what_was_stated():
    assert STATED["constraint.latency"].value == 0.05
    assert STATED["constraint.link_rate"].value == 2e7
    assert STATED["constraint.link_may_drop"].value is True
    assert STATED["constraint.model_lifetime"].value == 365 * 86400
    assert STATED["constraint.link_delay"].source == "--link"
    assert STATED["constraint.patience"].source == "default"


@pytest.mark.parametrize("name", [row.declaration.name for row in CONSTRAINT])
def test_what_was_not(name):
    missing = facts(Constraints())[name].status is Status.MISSING
    assert missing is (name in OPTIONAL)
