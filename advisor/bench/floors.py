"""How much two runs differ at least, by class: the narrowest interval that may be claimed."""

from advisor.bench.task import Task

# Half widths, as shares. Default runs of this program on a two-core KVM guest (Xeon of the Sapphire
# Rapids family, 2026-11): see docs; accelerators: the run-to-run spread of locked-clock GEMMs is
# below 1 %, of free clocks about 2 % (NVIDIA MLPerf results of the same node).
_BY_NAME = {"disk.read": 0.10, "launch.latency": 0.05}
_HOST = 0.03
_ACCELERATOR = 0.02


def floor(task: Task) -> float:
    """Return the least half width, as a share of the value."""
    host = _HOST if task.device == "cpu" else _ACCELERATOR
    return _BY_NAME.get(task.name, host)
