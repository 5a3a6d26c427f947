"""Answers carry every field of the interface, and add up."""

import pytest

from advisor.errors import AdvisorError

NET = {"macs": 4.11e9, "activations": 11.1e6, "params": 25.6e6, "name": "resnet50"}
LLM = {"llm": {"params": 8e9, "bytes": 4.9e9, "context": 1024, "prompt": 512}}
TREES = {"trees": {"rows": 1_000_000, "features": 8, "rounds": 100, "depth": 6}}
GEMM = {"ops": [{"op": "gemm", "m": 4096, "n": 4096, "k": 4096}]}


def case(workload, phase="inference", device="NVIDIA GeForce RTX 4090", **more):
    return {"device": device, "phase": phase, "workload": workload, "dtype": "amp"} | more


@pytest.mark.parametrize(
    ("asked", "unit", "work"),
    [
        (case(NET, batch=64), "samples/s", 64),
        (case(NET, "training", batch=64, count=4), "samples/s", 256),
        (case(LLM, "decode", dtype="Q4_K_M"), "tokens/s", 1),
        (case(LLM, "prefill", dtype="Q4_K_M"), "tokens/s", 512),
        (case(TREES, "fit"), "jobs/s", 1),
        (case(GEMM, batch=8), "samples/s", 8),
        (case({"name": "cnn"}, batch=8), "samples/s", 8),
        (case({"name": "cnn"}, "training", batch=8), "samples/s", 8),
        (case({"name": "llm-7b"}, "decode"), "tokens/s", 1),
        (case({"name": "trees"}, "fit"), "jobs/s", 1),
        (case({"name": "llm-7b"}, "inference"), "tokens/s", 1),
        (case({"name": "trees"}, "training"), "jobs/s", 1),
        (case(TREES, "training"), "jobs/s", 1),
        (case(LLM, "inference", dtype="q4_k_m"), "tokens/s", 1),
        (case({"macs": 4e9}), "samples/s", 1),
    ],
)
def test_answers(ask, asked, unit, work):
    answer = ask(asked)
    rate, seconds = answer["throughput"], answer["seconds"]
    assert answer["id"] == 1
    assert rate["unit"] == unit
    assert 0 < rate["low"] < rate["likely"] < rate["high"]
    assert rate["likely"] * seconds == pytest.approx(work)
    assert rate["low"] * answer["seconds_range"]["high"] == pytest.approx(work)
    assert answer["bound"] in {"compute", "memory", "launch", "input", "link"}
    assert {"matmul_peak", "memory_bandwidth"} <= {
        line["fact"].partition(".")[0] for line in answer["basis"]
    }


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (case(NET, "decode"), "no phase decode"),
        (case(LLM, "training"), "no phase training"),
        (case({"name": "trees"}, "inference"), "no phase inference"),
        (case({"opaque": "x"}), "nothing is known"),
        (case(NET, device="RTX 4091"), "no part has this name"),
        (case({"name": "no-such"}), "no-such"),
        (case(NET, device="Hailo-8"), "not published"),
    ],
)
def test_what_cannot_be_answered_says_why(ask, asked, message):
    with pytest.raises(AdvisorError, match=message):
        ask(asked)


def test_a_measurement_elsewhere_narrows(ask):
    known = [{"device": "NVIDIA GeForce RTX 3090", "throughput": 1200.0}]
    bare, told = ask(case(NET, batch=256)), ask(case(NET, batch=256, known=known))
    ratios = [a["throughput"]["high"] / a["throughput"]["low"] for a in (bare, told)]
    assert ratios[1] < ratios[0]
    assert told["throughput"]["likely"] < bare["throughput"]["likely"]
    assert told["basis"][2]["fact"] == "calibration"


def test_a_measurement_of_no_use_is_left_out_and_said(ask):
    known = [{"device": "RTX 4091", "throughput": 1.0}]
    bare, told = ask(case(NET)), ask(case(NET, known=known))
    assert told["throughput"] == bare["throughput"]
    assert "left out" in told["basis"][-1]["value"]


def test_decoding_of_something_unknown_follows_the_bandwidth(ask):
    known = [{"device": "NVIDIA A10", "throughput": 30.0}]  # twice the bandwidth
    found = ask(case({"opaque": "x"}, "decode", device="NVIDIA L4", known=known))
    assert 13 < found["throughput"]["likely"] < 19


def test_others_measured_here_narrow(ask):
    bare = ask(case(NET, batch=256))
    known = [
        {"device": "NVIDIA GeForce RTX 4090", "throughput": t, "workload": NET | {"name": n}}
        for n, t in (("vgg16", 3000.0), ("densenet121", 3000.0), ("seresnet50", 3000.0))
    ]
    told = ask(case(NET, batch=256, known=known))
    ratios = [a["throughput"]["high"] / a["throughput"]["low"] for a in (bare, told)]
    assert ratios[1] < ratios[0]


def test_a_missing_dtype_is_said(ask):
    answer = ask(case(NET, device="Tesla V100-SXM2-16GB", dtype="tf32"))
    assert "has no tf32" in answer["basis"][0]["source"]


def test_a_shared_name_is_said(ask):
    answer = ask(case(NET, device="NVIDIA GeForce RTX 3080"))
    assert "launched first" in answer["basis"][-1]["value"]


def test_ops_may_have_dtypes_of_their_own(ask):
    slow = {"ops": [GEMM["ops"][0] | {"dtype": "fp32"}]}
    times = [ask(case(w))["seconds"] for w in (GEMM, slow)]
    assert times[1] > 1.5 * times[0]


def test_more_devices_wait_for_each_other(ask):
    one, four = (ask(case(NET, "training", batch=64, count=n)) for n in (1, 4))
    gain = four["throughput"]["likely"] / one["throughput"]["likely"]
    assert 2 < gain < 4
