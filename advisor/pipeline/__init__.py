"""The run, in order: look, time, read the workload, predict, state facts, judge, report."""
