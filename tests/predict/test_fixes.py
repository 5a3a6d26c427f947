"""Gains of settings come from a step's parts; their width from what is not known of these."""

import msgspec
import pytest

from advisor.estimate import Feeding, Interval, Plan
from advisor.machine import Limit
from advisor.predict.fixes import Settings, gains, settings
from advisor.predict.step import Step
from tests.fakes import CPU, machine, measured, profile

TRAINING = Plan(phase="training", place="cpu", dtype="fp32", batch=8)
STEP = Step(
    1.0, "compute", 0.1, 0.1, {"conv": 0.5, "elementwise": 0.2, "optimizer": 0.2},
    {"compute": 0.5, "memory": 0.4, "launch": 0.1},
)  # fmt: skip


NOTHING = Settings()


def gained(name, *, there=NOTHING, feeding=None, waits=False, plan=TRAINING, step=STEP):
    found = gains(plan, step, there, feeding, waits=waits).get(name)
    return found and (round(found.low, 4), round(found.likely, 4), round(found.high, 4))


def test_compiling_leaves_a_part_of_small_ops_and_of_starting_them():
    # 0.2 small and 0.1 not in any op: 0.3 · (1 - 0.45) are saved.
    assert gained("compile") == (round(1 / 0.94, 4), round(1 / 0.835, 4), round(1 / 0.775, 4))


def test_the_compiler_gives_convolutions_their_layout():
    there = Settings(layouts={("conv", "fp32"): (0.6931471805599453, 0.0)})
    assert gained("compile", there=there)[1] == round(1 / (0.835 - 0.25), 4)


def test_going_backward_the_compiler_leaves_the_layout_alone():
    there = Settings(layouts={("conv", "fp32"): (0.6931471805599453, 0.0)})
    ahead = STEP._replace(ahead=0.3)
    assert gained("compile", there=there, step=ahead)[1] == round(1 / (0.835 - 0.3 * 0.25), 4)


def test_a_layout_gains_in_convolutions_alone():
    there = Settings(layouts={("conv", "fp32"): (0.6931471805599453, 0.0)})  # ln 2
    assert gained("channels_last", there=there) == (1.3333, 1.3333, 1.3333)


def test_a_layout_that_was_not_timed_is_not_told():
    assert gained("channels_last") is None


def test_a_layout_that_was_timed_in_another_precision_is_told_less_surely():
    there = (Settings(layouts={("conv", dtype): (0.2, 0.0)}) for dtype in ("fp32", "bf16"))
    sure, unsure = (gained("channels_last", there=one) for one in there)
    assert sure[1] == unsure[1]
    assert unsure[0] < sure[0] <= sure[2] < unsure[2]


def test_half_of_the_cores_take_up_to_twice_as_long():
    low, likely, high = gained("threads", there=Settings(fewer=0.5))
    assert (low, high) == (
        round(0.5 * 2**0.85 + 0.4 + 0.1, 4),
        round(0.5 * 2**1.2 + 0.4 * 2 + 0.1, 4),
    )
    assert low < likely < high


def test_one_thread_computes_convolutions_of_a_pixel_by_another_kernel():
    pixels = STEP._replace(shares={"pointwise": 0.5})
    alone = Settings(fewer=0.5, alone=True)
    plain = gained("threads", there=Settings(fewer=0.5), step=pixels)
    low, likely, high = gained("threads", there=alone, step=pixels)
    assert likely == plain[1]
    # Half of the time, 1.0 on one core, is 0.5 to 1.65 there.
    assert low == pytest.approx(likely - ((likely - plain[0]) ** 2 + 0.5**2) ** 0.5, abs=1e-3)
    assert high == pytest.approx(likely + ((plain[2] - likely) ** 2 + 0.65**2) ** 0.5, abs=1e-3)
    for other in ({"batch": 16}, {"dtype": "bf16"}):
        plan = msgspec.structs.replace(TRAINING, **other)
        assert gained("threads", there=alone, step=pixels, plan=plan) == plain


def rate(value):
    return Interval(value, value, value, "samples/s")


def test_workers_do_side_by_side_what_one_does_in_between():
    fed = Feeding(compute=rate(100.0), worker=rate(50.0), input=rate(400.0))
    assert gained("workers", feeding=fed) == (3.0, 3.0, 3.0)  # 1/100 + 1/50 s, then 1/100 s


def test_what_waits_for_data_gains_by_workers_only():
    fed = Feeding(compute=rate(100.0), worker=rate(10.0), input=rate(20.0))
    assert gained("compile", feeding=fed, waits=True) is None
    assert gained("workers", feeding=fed, waits=True) == (2.2, 2.2, 2.2)


def test_inference_has_no_loader():
    plan = Plan(phase="inference", place="cpu", dtype="fp32", batch=8)
    assert (
        gained("workers", feeding=Feeding(compute=rate(1.0), worker=rate(1.0)), plan=plan) is None
    )


SHAPE = {"n": 8, "c": 64, "h": 56, "w": 56, "k": 64, "r": 3, "s": 3, "stride": 1, "padding": 1}


def conv(layout, value, **more):
    return measured("conv", "cpu", value, "FLOP/s", dtype="fp32",
                    conditions={**SHAPE, "layout": layout, **more})  # fmt: skip


def test_layouts_are_compared_on_the_same_shape():
    rows = (conv("nchw", 1e11), conv("nhwc", 2e11), conv("nchw", 1e11, k=128))
    mean, spread = settings(profile(measurements=rows), "cpu").layouts["conv", "fp32"]
    assert (round(mean, 4), spread) == (0.6931, 0.1)  # one shape tells little of others


@pytest.mark.parametrize(("asked", "share"), [(1, 0.5), (2, None), (64, None), (None, None)])
def test_the_environment_may_ask_for_fewer_threads(asked, share):
    lines = (Limit("physical", 8, "/sys"), Limit("OMP_NUM_THREADS", asked, "environment"))
    there = machine(cpu=CPU, capacity={"cpu": lines[: 1 + bool(asked)]})
    found = settings(profile(machine=there), "cpu")
    assert (found.fewer, found.alone) == (share, asked == 1)


def test_a_class_that_was_not_timed_gains_as_its_like_does_but_less_surely():
    halves = STEP._replace(shares={"conv": 0.5, "pointwise": 0.5})
    known = {("conv", "fp32"): (0.2, 0.1)}
    both = known | {("pointwise", "fp32"): (0.2, 0.1)}
    likes = [gained("channels_last", step=halves, there=Settings(found)) for found in (known, both)]
    assert likes[0][1] == pytest.approx(likes[1][1])
    assert likes[0][0] < likes[1][0] < likes[1][2] < likes[0][2]
    coded = gained("channels_last", step=halves, there=Settings({("conv", "bf16"): (0.2, 0.1)}))
    assert coded[1] == pytest.approx(likes[0][1])  # neither is taken to gain nothing
    assert coded[0] < likes[0][0] < likes[0][2] < coded[2]
    deep = STEP._replace(shares={"depthwise": 1.0})
    assert gained("channels_last", step=deep, there=Settings(known)) is None
