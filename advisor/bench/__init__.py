"""Time: short microbenchmarks with error bars. The room with the clock, and one home of torch."""

from advisor.bench.clock import Clock, SystemClock
from advisor.bench.session import Listed, Outcome, catalogue, run
from advisor.bench.task import Progress

__all__ = ["Clock", "Listed", "Outcome", "Progress", "SystemClock", "catalogue", "run"]
