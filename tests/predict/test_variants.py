"""Settings are factors on a plan, with their own width; what they cost and save is said."""

import msgspec
import pytest

from advisor import predict
from advisor.estimate import Feeding, Interval, Plan
from advisor.predict.compare import ratio
from advisor.predict.variants import COMPILER_BYTES, kept, variants, varied
from advisor.predict.width import spread_of

EAGER = Plan(phase="training", place="cpu", dtype="fp32", batch=8)
COMPILED = msgspec.structs.replace(EAGER, compiled=True)
ANEW = msgspec.structs.replace(EAGER, checkpointed=True)


@pytest.fixture
def eager(workloads, profile, constants):
    found = predict.plans(workloads["cnn"], profile(), constants)
    return next(e for e in found if e.plan == EAGER)


def test_a_compiled_plan_is_as_much_faster_as_its_gain(workloads, eager):
    made = varied(workloads["cnn"], eager, COMPILED)
    gain = eager.gains["compile"]
    assert made.plan == COMPILED
    assert made.seconds.likely == pytest.approx(eager.seconds.likely / gain.likely)
    assert made.throughput.likely == pytest.approx(eager.throughput.likely * gain.likely)
    assert made.job_seconds.likely == pytest.approx(eager.job_seconds.likely / gain.likely)
    more = COMPILER_BYTES["training"]
    assert made.memory_bytes.likely == pytest.approx(eager.memory_bytes.likely + more)
    assert made.memory_bytes.high == pytest.approx(eager.memory_bytes.high + more)
    assert sum(made.memory_parts.values()) == pytest.approx(made.memory_bytes.likely)
    assert not {"compile", "channels_last"} & made.gains.keys()
    assert made.basis[-1].value == gain.likely


def test_the_ratio_to_itself_eager_is_the_gain_and_nothing_else(workloads, eager):
    made = varied(workloads["cnn"], eager, COMPILED)
    found, gain = ratio(made, eager), eager.gains["compile"]
    assert found.likely == pytest.approx(gain.likely)
    assert spread_of(found) == pytest.approx(spread_of(gain), rel=1e-6)


def test_checkpoints_cost_a_pass_forward_and_save_activations(workloads, eager):
    cnn = workloads["cnn"]
    made = varied(cnn, eager, ANEW)
    assert made.throughput.likely == pytest.approx(
        eager.throughput.likely * eager.gains["checkpoint"].likely
    )
    assert 0.65 < eager.gains["checkpoint"].likely < 0.85  # a forward pass is a fourth to a half
    saved = eager.memory_parts["activations"] * (1 - kept(cnn))
    slack = eager.memory_parts["allocator slack"] - made.memory_parts["allocator slack"]
    assert slack > 0
    assert eager.memory_bytes.likely - made.memory_bytes.likely == pytest.approx(saved + slack)
    assert sum(made.memory_parts.values()) == pytest.approx(made.memory_bytes.likely)


def test_a_language_model_keeps_what_enters_its_layers(workloads):
    llama = workloads["finetune-lora"]
    assert 0.02 < kept(llama) < 0.4
    deep = msgspec.structs.replace(llama.llm, layers=4 * llama.llm.layers)
    assert kept(msgspec.structs.replace(llama, llm=deep)) < kept(llama)


def test_both_settings_in_one_plan(workloads, eager):
    both = msgspec.structs.replace(ANEW, compiled=True)
    made = varied(workloads["cnn"], eager, both)
    gains = [eager.gains[name].likely for name in ("compile", "checkpoint")]
    assert made.plan == both
    assert made.throughput.likely == pytest.approx(eager.throughput.likely * gains[0] * gains[1])


def test_what_waits_for_its_data_gains_no_more_than_that(workloads, eager):
    fast = Interval(1e3, 1e3, 1e3, "samples/s")
    rate = eager.throughput.likely * 1.01
    slow = Interval(rate, rate, rate, "samples/s")
    known = Interval(*(eager.plan.batch / s for s in (
        eager.seconds.high, eager.seconds.likely, eager.seconds.low)), "samples/s")  # fmt: skip
    fed = msgspec.structs.replace(eager, feeding=Feeding(compute=known, input=slow, link=fast))
    made = varied(workloads["cnn"], fed, COMPILED)
    assert made.throughput.likely == pytest.approx(rate)
    assert made.bound == "input"


def test_no_gain_known_no_plan(workloads, eager):
    blank = msgspec.structs.replace(eager, gains={})
    assert varied(workloads["cnn"], blank, COMPILED) is None
    serving = Plan(phase="decode", place="cpu", dtype="fp32", batch=8)
    told = msgspec.structs.replace(eager, plan=serving)
    wanted = msgspec.structs.replace(serving, compiled=True)
    assert varied(workloads["llm-7b"], told, wanted) is None


def test_what_is_compiled_without_a_gain_holds_the_compiler_too(workloads, eager):
    blank = msgspec.structs.replace(eager, gains={})
    (made,) = variants(workloads["cnn"], [blank], compiled=True)
    assert made.plan == COMPILED
    assert made.memory_parts["compiler"] == COMPILER_BYTES["training"]
    assert made.memory_bytes.likely == pytest.approx(sum(made.memory_parts.values()))


def test_few_plans_are_offered_and_checkpoints_only_where_memory_is_short(
    workloads, profile, constants
):
    cnn = workloads["cnn"]
    found = predict.plans(cnn, profile(), constants)
    made = variants(cnn, found)
    assert len(made) < len(found)
    assert all(e.plan.settings for e in made)
    bare = {e.plan: e for e in found}
    for one in made:
        if one.plan.checkpointed:
            twin = bare[msgspec.structs.replace(one.plan, checkpointed=False, compiled=False)]
            assert twin.memory_bytes.high > twin.memory_available
            assert one.fits


def test_compiled_plans_can_be_asked_for_or_left_out(workloads, profile, constants):
    cnn = workloads["cnn"]
    found = predict.plans(cnn, profile(), constants)
    assert not any(e.plan.compiled for e in variants(cnn, found, compiled=False))
    all_of_them = {e.plan for e in variants(cnn, found, compiled=True) if e.plan.compiled}
    fitting = {msgspec.structs.replace(e.plan, compiled=True) for e in found if e.fits}
    assert fitting <= all_of_them


def test_weights_in_fewer_bits_are_fewer_bytes_to_keep_and_to_read(workloads, profile, constants):
    found = {e.plan.id: e for e in predict.plans(workloads["llm-7b"], profile(), constants)}
    ids = [f"decode/gpu:0/fp16/1{settings}" for settings in ("", "/int8-weights", "/int4-weights")]
    whole, half, quarter = (found[name] for name in ids)
    assert half.memory_parts["weights"] / whole.memory_parts["weights"] == pytest.approx(8.5 / 16)
    assert quarter.memory_parts["weights"] / whole.memory_parts["weights"] == pytest.approx(
        4.85 / 16
    )
    assert quarter.memory_parts["key-value cache"] == whole.memory_parts["key-value cache"]
    assert whole.throughput.likely < half.throughput.likely < quarter.throughput.likely
    assert quarter.throughput.likely / whole.throughput.likely < 16 / 4.85  # unpacking takes time


def test_prompts_gain_little_from_fewer_bits(workloads, profile, constants):
    found = {e.plan.id: e for e in predict.plans(workloads["llm-7b"], profile(), constants)}
    whole, quarter = found["prefill/gpu:0/fp16/16"], found["prefill/gpu:0/fp16/16/int4-weights"]
    assert quarter.throughput.likely < 1.1 * whole.throughput.likely


def test_a_plan_is_predicted_with_its_settings(workloads, profile, constants, eager):
    made = predict.predict_plan(workloads["cnn"], COMPILED, profile(), constants)
    assert made == varied(workloads["cnn"], eager, COMPILED)
