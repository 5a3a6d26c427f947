"""Time: short microbenchmarks with error bars. The room with the clock, and one home of torch."""

from advisor.bench.choice import Listed, catalogue
from advisor.bench.clock import Clock, SystemClock
from advisor.bench.replay import replay
from advisor.bench.runner import Errand, Ran
from advisor.bench.session import Outcome, run
from advisor.bench.task import Progress, TaskError
from advisor.bench.verify import run_network

__all__ = [
    "Clock",
    "Errand",
    "Listed",
    "Outcome",
    "Progress",
    "Ran",
    "SystemClock",
    "TaskError",
    "catalogue",
    "replay",
    "run",
    "run_network",
]
