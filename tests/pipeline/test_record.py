"""Recorded limits pass what they were recorded on, see losses, and speak of nothing else."""

from random import Random

import msgspec
import pytest

from advisor.errors import AdvisorError
from advisor.judge.outcomes import Strictness
from advisor.machine import Cpu, Software
from advisor.measurement import Quality
from advisor.pipeline.check import check, policies
from advisor.pipeline.record import changed, keyed, policy
from advisor.profile import Profile
from tests.fakes import CPU, GPU, MACHINE, machine, measured, profile

METRICS = (
    ("matmul.peak", "cpu", 3e11, "FLOP/s", "fp32"),
    ("memory.copy", "cpu", 2e10, "bytes/s", None),
    ("matmul.peak", "gpu:0", 5e13, "FLOP/s", "bf16"),
    ("launch.latency", "gpu:0", 4e-6, "s", None),
)


def run(seed: int, loss: float = 0.0, noise: float = 0.005, **more) -> Profile:
    random = Random(seed)
    told = [
        measured(name, device, value * (1 + noise * random.gauss()) * _slower(unit, loss), unit,
                 dtype=dtype, **more)
        for name, device, value, unit, dtype in METRICS
    ]  # fmt: skip
    return profile(measurements=tuple(told))


def _slower(unit: str, loss: float) -> float:
    return 1 / (1 - loss) if unit == "s" else 1 - loss


def judged(tmp_path, text: str, looked_at: Profile):
    path = tmp_path / "here.yaml"
    path.write_text(text)
    return check(policies([str(path)], ()), looked_at, Strictness())


TEXT = policy([run(seed) for seed in range(5)], "here")


@pytest.mark.parametrize(
    ("looked_at", "code"),
    [
        *((run(seed), 0) for seed in range(5, 10)),
        (run(10, loss=0.2), 1),
        (run(10, quality=Quality.INVALID, cause="throttled"), 3),
        (profile(measurements=()), 3),
    ],
)
def test_five_healthy_repeats_pass_and_a_loss_fails(tmp_path, looked_at, code):
    report = judged(tmp_path, TEXT, looked_at)
    assert len(report.outcomes) == len(METRICS)
    assert report.exit == code


def test_what_is_written_is_readable():
    lines = TEXT.splitlines()
    assert "# The smallest loss it can see is" in lines[1]
    assert 'policy: "here"' in lines
    assert sum("    for: gpu" in line for line in lines) == 2
    (time,) = (line for line in lines if "when: gpu.launch_latency" in line)
    assert " <= 4." in time
    assert time.endswith(" µs")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (machine(cpu=Cpu(model="Another")), "The hardware is not what"),
        (machine(devices=(GPU, GPU)), "The hardware is not what"),
        (machine(software=Software(kernel="6.1.0", torch="2.14.0")), "torch 2.14.0 now"),
    ],
)
def test_another_machine_or_stack_is_not_judged(tmp_path, other, said):
    slow = run(11, loss=0.5)
    report = judged(tmp_path, TEXT, profile(machine=other, measurements=slow.measurements))
    assert {o.outcome for o in report.outcomes if o.subject != "gpu"} == {"unknown"}
    assert said in report.outcomes[0].message
    assert report.exit == 3


def test_limits_of_a_process_are_no_other_hardware():
    fewer = machine(cpu=msgspec.structs.replace(CPU, threads_allowed=1))
    assert changed(keyed(MACHINE, 5, "t"), fewer) == ""


@pytest.mark.parametrize(
    ("profiles", "said", "code"),
    [
        ([run(1), run(2)], "2 runs tell too little", 2),
        ([run(1), run(1), run(1)], "nothing was timed undisturbed in 3 runs", 4),
        ([run(seed, noise=0.15) for seed in range(5)], "only losses over", 3),
    ],
)
def test_what_cannot_be_a_gate_is_refused(profiles, said, code):
    with pytest.raises(AdvisorError, match=said) as caught:
        policy(profiles, "here")
    assert caught.value.code == code


def test_a_disturbed_run_counts_for_nothing():
    disturbed = run(5, loss=0.6, quality=Quality.SUSPECT, cause="another process")
    assert _limits([*(run(seed) for seed in range(5)), disturbed]) == _limits(
        [run(seed) for seed in range(5)]
    )


def _limits(profiles: list[Profile]) -> list[str]:
    return [line for line in policy(profiles, "here").splitlines() if "when:" in line]


def test_a_noisy_metric_is_left_out_and_said():
    def one(seed: int) -> Profile:
        quiet, loud = run(seed), run(seed, noise=0.3)
        return profile(measurements=(loud.measurements[1], *quiet.measurements[2:]))

    text = policy([one(seed) for seed in range(5)], "here")
    assert "# Left out: cpu.memory_copy, noise " in text
    assert "recorded-cpu-memory-copy" not in text
