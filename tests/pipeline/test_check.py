"""One rule on seven profiles gives the seven outcomes, and the exit codes that scripts trust."""

import json
from xml.etree import ElementTree as ET

import msgspec
import pytest

from advisor.errors import AdvisorError
from advisor.judge.outcomes import Strictness
from advisor.pipeline.check import benchmarks, check, policies
from advisor.pipeline.saved import read_profile
from advisor.profile import Profile
from advisor.render import Style, junit, sarif
from tests.fakes import BROKEN, PROFILE, machine, measured, profile

POLICY = """
policy: fast-enough
rules:
  - id: gpu-is-fast-enough
    title: The GPU reaches 45 TFLOP/s in bf16
    for: gpu
    when: gpu.matmul_peak.bf16 >= 45 TFLOP/s
    effect: require
    severity: error
    because: It reaches {gpu.matmul_peak.bf16}.
    examples:
      - {expect: fires, facts: {gpu.matmul_peak.bf16: 10 TFLOP/s to 11 TFLOP/s}}
      - {expect: quiet, facts: {gpu.matmul_peak.bf16: 50 TFLOP/s to 51 TFLOP/s}}
      - {expect: unknown, facts: {gpu.matmul_peak.bf16: 44 TFLOP/s to 46 TFLOP/s}}
"""
WAIVER = """
waivers:
  - {rule: gpu-is-fast-enough, reason: a new fan is ordered, owner: ann, expires: EXPIRES}
"""


def at(rate: float) -> Profile:
    return profile(measurements=(measured("matmul.peak", "gpu:0", rate, "FLOP/s", dtype="bf16"),))


NO_GPU = profile(machine=machine(devices=()))


def run(tmp_path, looked_at: Profile, policy: str = POLICY):
    (tmp_path / "policy.yaml").write_text(policy)
    (tmp_path / "profile.json").write_bytes(msgspec.json.encode(looked_at))
    looked = read_profile(tmp_path / "profile.json")
    return check(policies([str(tmp_path / "policy.yaml")], ()), looked, Strictness())


@pytest.mark.parametrize(
    ("looked_at", "waiver", "outcome", "code"),
    [
        (at(50e12), "", "pass", 0),
        (at(30e12), "", "fail", 1),
        (profile(measurements=()), "", "unknown", 3),
        (at(45e12), "", "unknown", 3),
        (NO_GPU, "", "not-applicable", 3),
        (at(30e12), WAIVER.replace("EXPIRES", "2026-12-31"), "waived", 3),
        (at(30e12), WAIVER.replace("EXPIRES", "2025-12-31"), "fail", 1),
    ],
)
def test_seven_profiles(tmp_path, looked_at, waiver, outcome, code):
    report = run(tmp_path, looked_at, POLICY + waiver)
    assert [o.outcome for o in report.outcomes] == [outcome]
    assert report.counts[outcome] == 1
    assert report.exit == code
    assert as_junit(report) == outcome
    assert as_sarif(report) == outcome


def as_junit(report) -> str:
    case = next(ET.fromstring(junit.render(report, Style()).encode()).iter("testcase"))
    return case[0].get("type", "") if len(case) else "pass"


def as_sarif(report) -> str:
    run = json.loads(sarif.render(report, Style()))["runs"][0]
    assert run["invocations"][0]["exitCode"] == report.exit
    result = run["results"][0]
    kinds = {"open": "unknown", "notApplicable": "not-applicable"}
    return "waived" if "suppressions" in result else kinds.get(result["kind"], result["kind"])


def test_an_expired_waiver_says_so(tmp_path):
    report = run(tmp_path, at(30e12), POLICY + WAIVER.replace("EXPIRES", "2025-12-31"))
    assert "the waiver of ann expired 2025-12-31" in report.outcomes[0].message


def test_a_broken_gpu_leaves_the_answer_open(tmp_path):
    report = run(tmp_path, profile(machine=machine(devices=(BROKEN,))))
    assert [o.outcome for o in report.outcomes] == ["unknown"]
    assert "more of gpu may be there: gpu:1 is broken: GPU is lost" in report.outcomes[0].message
    assert report.exit == 3


def test_the_outcome_carries_its_values_and_place(tmp_path):
    outcome = run(tmp_path, at(30e12)).outcomes[0]
    assert outcome.values == {"gpu.matmul_peak.bf16": 30e12}
    assert outcome.units == {"gpu.matmul_peak.bf16": "FLOP/s"}
    low, high = outcome.ranges["gpu.matmul_peak.bf16"]
    assert low < 30e12 < high
    assert outcome.file.endswith("policy.yaml")
    assert outcome.line == 4
    assert "30 TFLOP/s" in outcome.message


def test_same_profile_and_policy_give_the_same_bytes(tmp_path):
    first = run(tmp_path, PROFILE)
    assert msgspec.json.encode(first) == msgspec.json.encode(run(tmp_path, PROFILE))


def test_a_policy_without_rules_is_refused(tmp_path):
    with pytest.raises(AdvisorError) as caught:
        run(tmp_path, PROFILE, "policy: empty\nrules: []\n")
    assert caught.value.code == 2


def test_only_what_rules_ask_for_is_timed(tmp_path):
    (tmp_path / "policy.yaml").write_text(POLICY)
    asked = policies([str(tmp_path / "policy.yaml")], ())
    assert benchmarks(asked) == ("matmul",)
    assert benchmarks(policies(["workstation"], ())) == ()


def test_an_unknown_says_what_is_not_known(tmp_path):
    message = run(tmp_path, profile(measurements=())).outcomes[0].message
    assert "Not known: gpu.matmul_peak.bf16: not timed." in message
