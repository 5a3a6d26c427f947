"""The whole vocabulary as one table."""

from functools import cache

from advisor.fact import Vocabulary
from advisor.vocabulary import device, host, measured, plan


@cache
def declared() -> Vocabulary:
    """Return every fact's declaration by its name."""
    tables = (
        host.CPU,
        host.MACHINE,
        host.DISK,
        device.DEVICE,
        device.GPU,
        plan.WORKLOAD,
        plan.PLAN,
    )
    probed = [row.declaration for table in tables for row in table]
    timed = [
        declaration
        for table in (measured.CPU, measured.GPU, measured.DISK, measured.GAINS)
        for declaration in table.values()
    ]
    return {d.name: d for d in (*probed, *timed)}
