"""Rules that speak in a real answer: saved machines, real flags, and what `recommend` then says."""

from pathlib import Path
from typing import Any

import pytest

from advisor.advice import Truth
from advisor.cli.asking import constraints
from advisor.pipeline.look import Look
from advisor.pipeline.recommend import Question, recommend
from advisor.profile import Profile

FOLDER = Path(__file__).parent / "golden"


def _never() -> Profile:
    raise AssertionError("a saved machine is not timed")


def fired(machine: str, workload: str, *pretend: str, **flags: Any) -> set[str]:
    """Return the rules that fire on anything of the answer."""
    look, wanted = Look(profile=FOLDER / f"{machine}.json"), constraints(**flags)
    asked = Question(
        workload=workload, look=look, constraints=wanted, set=pretend, beyond=bool(flags)
    )
    report = recommend(asked, _never)
    return {v.rule for v in report.verdicts if v.truth is Truth.FIRES}


# rule, machine, workload, facts that are set, flags.
HEARD: list[tuple[str, str, str, tuple[str, ...], dict[str, Any]]] = [
    ("offline-means-here", "laptop", "cnn", (), {"offline": True}),
    ("answers-come-too-late", "laptop", "cnn", (), {"latency": "1ms"}),
    ("power-is-not-there", "desktop", "cnn", (), {"power": "15W"}),
    ("small-tiers-do-not-train", "laptop", "cnn", (), {"offline": True}),
    ("link-eats-the-time", "laptop", "cnn", (), {"link": "1Mbps,90ms", "latency": "100ms"}),
    ("link-may-drop", "laptop", "cnn", (), {"link": "20Mbps,40ms,drops"}),
    ("moving-the-data-takes-longer", "laptop", "cnn", (), {"link": "1Mbps,40ms"}),
    ("one-place-does-not-feed-all-streams", "laptop", "detection", (), {"streams": "10000"}),
    ("chips-are-not-for-research", "laptop", "cnn", (), {"offline": True}),
    ("chips-suit-settled-networks", "laptop", "cnn", (), {"model_changes": "weekly"}),
    ("irregular-networks-want-flexible-hardware", "laptop", "irregular", (), {"power": "900W"}),
    ("networks-in-the-field-must-be-updated", "laptop", "cnn", (), {"model_changes": "daily"}),
    ("distil-before-moving-down", "laptop", "llm-1b", (), {"offline": True}),
    ("data-on-many-devices", "laptop", "cnn", (), {"streams": "10000"}),
    ("federated-rounds-need-a-better-link", "laptop", "cnn", (),
     {"streams": "10000", "link": "5Mbps,40ms"}),
    ("simulators-need-cores", "container", "rl", (), {}),
    ("experiments-outlast-your-patience", "laptop", "cnn", (), {"patience": "2d"}),
    ("a-run-draws-much-energy", "desktop", "cnn", (), {"dataset_size": "20TB"}),
    ("gpu-is-in-no-plan", "unknown", "cnn", (), {}),
    ("device-must-work", "broken", "cnn", (), {}),
    ("cpus-are-limited", "container", "cnn", (), {}),
    ("gpu-power-is-capped", "desktop", "cnn", ("gpu.power_limit=300 W",), {}),
    ("gpu-sits-in-a-narrow-slot", "desktop", "cnn", ("gpu.pcie_width_slot=4",), {}),
    ("memory-sits-on-one-channel", "desktop", "cnn", ("memory.channels=1",), {}),
    ("driver-is-too-old-for-torch", "desktop", "cnn", ("software.driver=535.54",), {}),
    ("gpu-is-used-by-others", "desktop", "cnn", ("gpu.utilization=60 %",), {}),
    ("tf32-needs-tensor-cores-for-it", "desktop", "cnn", ("gpu.compute_capability=6.1",), {}),
]  # fmt: skip

# Advice that a machine's owner must not be given: rule, machine, workload, the phase spoken of.
UNHEARD = [
    ("infer-in-a-lower-precision", "desktop", "llm-7b", "prefill/gpu:0/bf16/4/int4-weights"),
    ("bf16-is-slower-here", "apple", "cnn", "machine"),
    ("one-more-gpu-before-a-faster-cpu", "apple", "cnn", "training/gpu:0/bf16/64/compiled"),
    ("one-more-gpu-before-a-faster-cpu", "mig", "cnn", "training/gpu:0/mig:0/bf16/128/compiled"),
    ("keep-to-one-numa-node", "server", "trees", "fit/cpu/fp32/1"),
    ("trees-use-real-cores", "server", "trees", "machine"),
]


@pytest.mark.parametrize(("rule", "machine", "workload", "pretend", "flags"), HEARD)
def test_a_rule_is_heard(rule, machine, workload, pretend, flags):
    assert rule in fired(machine, workload, *pretend, **flags)


@pytest.mark.parametrize(("rule", "machine", "workload", "subject"), UNHEARD)
def test_a_rule_is_not_heard_where_it_does_not_help(rule, machine, workload, subject):
    report = recommend(
        Question(workload=workload, look=Look(profile=FOLDER / f"{machine}.json")), _never
    )
    subjects = {v.subject for v in report.verdicts}
    assert subject in subjects
    assert (rule, subject) not in {
        (v.rule, v.subject) for v in report.verdicts if v.truth is Truth.FIRES
    }
