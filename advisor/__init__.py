"""mlinfra: measures a machine, predicts what a workload will do there, and advises by rules."""

__version__ = "0.1.0"
