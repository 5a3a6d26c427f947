"""The shipped policies on GPUs in good and in bad health: which rules fail, and the exit code."""

import msgspec
import pytest

from advisor.judge.outcomes import Strictness
from advisor.machine import Machine
from advisor.pipeline.check import check, policies
from tests.fakes import MACHINE, measured, profile

GIB = 2**30
H100 = msgspec.structs.replace(
    MACHINE.devices[0], name="NVIDIA H100 80GB HBM3", memory_bytes=81559 * 2**20,
    memory_free_bytes=81000 * 2**20, compute_capability="9.0", power_limit_watts=700.0,
    power_default_watts=700.0, ecc_uncorrected=0, rows_pending=False, rows_failed=False,
    pages_pending=False, pages_retired=0, temperature_celsius=40.0, throttle_reasons=(),
    utilization=0.0, compute_mode="default", pcie_width=16, pcie_width_max=16,
    pcie_width_device=16, pcie_width_slot=16, torch_runs=True,
)  # fmt: skip
PROMPT = {"matmul": 700e12, "copy": 2.9e12}


def node(driver: str = "580.95.05", **gpu: object) -> Machine:
    software = msgspec.structs.replace(MACHINE.software, driver=driver, driver_needed="525.60.13")
    return msgspec.structs.replace(
        MACHINE, devices=(msgspec.structs.replace(H100, **gpu),), software=software
    )


def judged(machine: Machine, speeds: dict[str, float]) -> tuple[set[str], int]:
    timed = {
        "matmul": ("matmul.peak", "FLOP/s", {"dtype": "bf16"}),
        "copy": ("memory.copy", "bytes/s", {}),
    }
    rows = tuple(
        measured(timed[name][0], "gpu:0", value, timed[name][1], **timed[name][2])
        for name, value in speeds.items()
    )
    report = check(
        policies(["gpu-node"], ()), profile(machine=machine, measurements=rows), Strictness()
    )
    return {o.rule for o in report.outcomes if o.standing in {"fail", "open"}}, report.exit


@pytest.mark.parametrize(
    ("machine", "speeds", "rules", "code"),
    [
        (node(), PROMPT, set(), 0),
        (node(), {}, {"gpu-node-bandwidth", "gpu-node-matmul"}, 3),
        (node(), PROMPT | {"copy": 1.2e12}, {"gpu-node-bandwidth"}, 1),
        (node(), PROMPT | {"matmul": 400e12}, {"gpu-node-matmul"}, 1),
        (node(memory_bytes=40 * GIB), PROMPT, {"gpu-node-memory"}, 1),
        (node(driver="535.129.03"), PROMPT, {"gpu-node-driver"}, 1),
        (node(ecc_uncorrected=1), PROMPT, {"gpu-node-ecc"}, 1),
        (node(rows_failed=True), PROMPT, {"gpu-node-rows"}, 1),
        (node(torch_runs=False), PROMPT, {"torch-lacks-code-for-the-gpu"}, 1),
        (node(compute_mode="prohibited"), PROMPT, {"gpu-forbids-computing"}, 1),
    ],
)
def test_a_gpu_node(machine, speeds, rules, code):
    assert judged(machine, speeds) == (rules, code)


def test_a_card_that_no_catalogue_holds_leaves_the_floors_open():
    rules, code = judged(node(name="NVIDIA X1000"), PROMPT)
    assert (code, rules) == (3, {"gpu-node-memory", "gpu-node-bandwidth", "gpu-node-matmul"})
