"""The whole vocabulary as one table."""

from functools import cache

import msgspec

from advisor.fact import Declaration, Vocabulary
from advisor.vocabulary import (
    attained,
    constraint,
    device,
    foreseen,
    gains,
    host,
    link,
    measured,
    network,
    part,
    plan,
    published,
    service,
    setup,
    shape,
)

# What many machines and workloads are known not to have: rules guard these with `exists`.
_FEW = frozenset(
    {
        "cpu.hypervisor", "cpu.limit", "memory.limit", "software.container", "software.driver",
        "software.cuda_driver", "software.torch", "software.torch_cuda", "software.torch_hip",
        "workload.rows", "workload.samples", "workload.sample_size",
    }
)  # fmt: skip

OPTIONAL = (
    _FEW | published.NAMES | attained.NAMES | setup.OPTIONAL | shape.OPTIONAL | gains.OPTIONAL
    | network.OPTIONAL | part.OPTIONAL | foreseen.OPTIONAL | constraint.OPTIONAL | service.OPTIONAL
)  # fmt: skip

# Facts that share an error, by how their names begin: their ratio is coined instead.
FAMILIES = {
    "cpu.matmul_peak.": "CPU matmul (compare cpu.<dtype>_gain)",
    "gpu.matmul_peak.": "GPU matmul (compare gpu.<dtype>_gain)",
    "plan.throughput": "plan speed (compare plan.speedup)",
    "plan.step_time": "plan speed (compare plan.speedup)",
    "plan.cpu_job_time": "plan speed (compare plan.speedup)",
    "plan.saved_time": "plan speed (compare plan.speedup)",
    "plan.job_time": "plan speed (compare plan.speedup)",
    "plan.latency": "plan speed (compare plan.speedup)",
}
# What text facts can say, where that is a closed list.
WORDS = constraint.WORDS | service.WORDS | network.WORDS | foreseen.WORDS


@cache
def declared() -> Vocabulary:
    """Return every fact's declaration by its name."""
    tables = (
        host.CPU,
        host.MACHINE,
        setup.MACHINE,
        host.DISK,
        device.DEVICE,
        device.GPU,
        foreseen.GPU,
        foreseen.PLAN,
        link.LINK,
        plan.WORKLOAD,
        shape.WORKLOAD,
        network.WORKLOAD,
        constraint.CONSTRAINT,
        plan.PLAN,
        service.SERVICE,
        part.PART,
    )
    probed = [row.declaration for table in tables for row in table]
    timed = [
        declaration
        for table in (measured.CPU, measured.GPU, measured.DISK, measured.GAINS)
        for declaration in table.values()
    ]
    timed.append(measured.PINNED)
    beside = (*published.DECLARATIONS, *attained.DECLARATIONS, *gains.DECLARATIONS)
    return {d.name: _related(d) for d in (*probed, *timed, *beside)}


def _related(declaration: Declaration) -> Declaration:
    """Add whether a fact may be missing, and with which others it shares an error."""
    family = next((f for start, f in FAMILIES.items() if declaration.name.startswith(start)), None)
    optional = declaration.name in OPTIONAL
    words = WORDS.get(declaration.name, ())
    return msgspec.structs.replace(declaration, family=family, optional=optional, words=words)
