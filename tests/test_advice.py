"""Rules that speak in a real answer: saved machines, real flags, and what `recommend` then says."""

from pathlib import Path
from typing import Any

import pytest

from advisor.advice import Truth
from advisor.cli.asking import constraints
from advisor.pipeline.look import Look
from advisor.pipeline.recommend import Question, recommend
from advisor.pipeline.rules import listing
from advisor.pipeline.upgrade import Shopping, shop
from advisor.profile import Profile
from tests.troubles import TROUBLES, asked, edited

FOLDER = Path(__file__).parent / "golden"


def _never() -> Profile:
    raise AssertionError("a saved machine is not timed")


def fired(machine: str, workload: str, *pretend: str, **flags: Any) -> set[str]:
    """Return the rules that fire on anything of the answer, be it a plan that came nowhere."""
    look, wanted = Look(profile=FOLDER / f"{machine}.json"), constraints(**flags)
    asked = Question(
        workload=workload, look=look, constraints=wanted, set=pretend, beyond=bool(flags),
        explain=True,
    )  # fmt: skip
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
    ("quantise-before-moving-down", "laptop", "cnn", (), {"offline": True}),
    ("data-on-many-devices", "laptop", "cnn", (), {"streams": "10000"}),
    ("federated-rounds-need-a-better-link", "laptop", "cnn", (),
     {"streams": "10000", "link": "5Mbps,40ms"}),
    ("simulators-need-cores", "container", "rl", (), {}),
    ("trees-want-cuda", "apple", "trees", (), {}),
    ("the-simulator-sets-the-pace", "desktop", "rl", (), {}),
    ("choose-actions-for-all-simulators-at-once", "desktop", "rl", (), {}),
    ("experiments-outlast-your-patience", "laptop", "cnn", (), {"patience": "2d"}),
    ("a-run-draws-much-energy", "desktop", "cnn", (), {"dataset_size": "20TB"}),
    ("gpu-is-in-no-plan", "unknown", "cnn", (), {}),
    ("device-must-work", "broken", "cnn", (), {}),
    ("a-larger-slice-comes-first", "mig", "cnn", (), {}),
    ("power-mode-caps-the-board", "jetson", "cnn", ("power.mode_capped=true",), {}),
    ("int8-asks-for-a-settled-network", "laptop", "cnn", (), {"power": "15W"}),
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


@pytest.mark.parametrize(("rules", "machine", "workload", "troubles"), TROUBLES)
def test_a_trouble_is_heard(rules, machine, workload, troubles, tmp_path):
    path = tmp_path / "p.json"
    path.write_bytes(edited((FOLDER / f"{machine}.json").read_bytes(), troubles))
    look = Look(profile=path)
    question = Question(workload=workload, look=look, explain=True, **asked(troubles))
    report = recommend(question, _never)
    heard = {v.rule for v in report.verdicts if v.truth is Truth.FIRES}
    assert set(rules.split()) - heard == set()


PRICES = """\
currency: USD
taken: 2026-01-01
source: a shop
prices: [{part: NVIDIA L4, price: 2000}, {part: AMD Radeon RX 7900 XTX, price: 999}]
rents: [{part: NVIDIA L4, hourly: 0.1}]
"""
# Rules that speak of purchases: rules, workload, troubles.
BOUGHT = [
    (
        (
            "another-makers-card-wants-another-torch card-draws-much-power "
            "cards-share-a-slots-link rent-it-instead"
        ),
        "llm-7b",
        {},
    ),
    ("model-still-does-not-fit", "llm-7b", {"machine.devices.0.state": "absent"}),
    ("input-would-hold-it-back", "cnn", {"timed input.images cpu -": 20.0}),
]


@pytest.mark.parametrize(("rules", "workload", "troubles"), BOUGHT)
def test_rules_are_heard_of_purchases(rules, workload, troubles, tmp_path):
    path, prices = tmp_path / "p.json", tmp_path / "prices.yaml"
    path.write_bytes(edited((FOLDER / "desktop.json").read_bytes(), troubles))
    prices.write_text(PRICES)
    question = Question(workload=workload, look=Look(profile=path))
    bought = shop(Shopping(question=question, prices=prices), _never)
    heard = {v.rule for v in bought.verdicts if v.truth is Truth.FIRES}
    assert set(rules.split()) - heard == set()


def test_every_rule_is_heard_in_a_whole_answer():
    named = {rule for rules, *_ in (*TROUBLES, *BOUGHT) for rule in rules.split()}
    named |= {rule for rule, *_ in HEARD}
    assert named == {rule.id for rule in listing([]).rules}


@pytest.mark.parametrize(
    ("workload", "phase", "devices"), [("trees", "fit", 1), ("cnn", "training", 8)]
)
def test_several_gpus_are_taken_where_they_pay(workload, phase, devices):
    look = Look(profile=FOLDER / "node.json")
    chosen = recommend(Question(workload=workload, look=look), _never).plans[phase].chosen
    assert chosen.place.count("+") + 1 == devices
