"""Logic only: three-valued, interval-aware conditions, effects, and the way to each verdict."""

from advisor.judge.assignment import assign
from advisor.judge.decisions import decide, decide_all
from advisor.judge.lint import lint
from advisor.judge.trials import try_examples
from advisor.judge.verdicts import judge, speaking

__all__ = ["assign", "decide", "decide_all", "judge", "lint", "speaking", "try_examples"]
