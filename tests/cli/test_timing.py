"""Only this very machine can be timed, and only for a time."""

from pathlib import Path

import pytest

from advisor.cli.timing import timed
from advisor.errors import AdvisorError
from advisor.pipeline.look import Look


@pytest.mark.parametrize("look", [Look(root=Path("/x")), Look(profile=Path("/x.json"))])
def test_another_machine_is_not_timed(look):
    with pytest.raises(AdvisorError, match="only this very machine"):
        timed(look, "1s", None)


def test_a_bad_time_is_refused_before_anything_runs():
    with pytest.raises(AdvisorError, match="read --time soon"):
        timed(Look(), "soon", None)
