"""The run, in order: look, time, read the workload, predict, state facts, judge, report."""

from advisor.pipeline.look import Look, probe

__all__ = ["Look", "probe"]
