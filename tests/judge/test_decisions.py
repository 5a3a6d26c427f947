"""Forbid removes, prefer orders what speed does not decide, and the loser knows its rule."""

import msgspec
import pytest

from advisor.advice import Truth, Verdict
from advisor.estimate import Estimate, Interval, Plan
from advisor.judge.decisions import decide
from advisor.rule import Effect, Severity


def estimate(place, speed, dtype="fp32", settles=None):
    spread = Interval(speed * 0.9, speed, speed * 1.1, "samples/s") if speed else None
    return Estimate(
        plan=Plan(phase="training", place=place, dtype=dtype, batch=1),
        throughput=spread,
        seconds=None,
        memory_bytes=None,
        memory_available=None,
        bound=None,
        unpredicted=None if speed else f"nothing known of {place}",
        settles=settles,
    )


def ratio(a, b):
    likely = a.throughput.likely / b.throughput.likely
    return Interval(likely * 0.9, likely, likely * 1.1, "x")


def verdict(rule, place, effect, truth=Truth.FIRES, worth=0.0, dtype="fp32"):
    subject = Plan(phase="training", place=place, dtype=dtype, batch=1).id
    return Verdict(
        rule=rule, subject=subject, truth=truth, effect=effect, severity=Severity.INFO,
        title=f"{rule} said no", worth=worth,
    )  # fmt: skip


def forbid(rule, place, truth=Truth.FIRES):
    return verdict(rule, place, Effect.FORBID, truth)


def prefer(rule, place, worth=0.0, truth=Truth.FIRES):
    return verdict(rule, place, Effect.PREFER, truth, worth)


U, Q, NA = Truth.UNKNOWN, Truth.QUIET, Truth.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("speeds", "said", "chosen", "runner_up", "rejected", "preferred", "doubts"),
    [
        # Rank decides where no rule speaks.
        ({"g": 10, "c": 5}, [], "g", "c", [], [], []),
        # Forbid removes; quiet and not applicable ones do not.
        ({"g": 10, "c": 5}, [forbid("f", "g")], "c", None, [("g", "f")], [], []),
        ({"g": 10, "c": 5}, [forbid("f", "g", Q), forbid("h", "g", NA)], "g", "c", [], [], []),
        ({"g": 10}, [forbid("f", "g")], None, None, [("g", "f")], [], []),
        # The first rule that forbids is named.
        ({"g": 10, "c": 5}, [forbid("f", "g"), forbid("h", "g")], "c", None, [("g", "f")], [], []),
        # A doubtful plan may win, with its doubt.
        ({"g": 10, "c": 5}, [forbid("f", "g", U)], "g", "c", [], [], ["f"]),
        # Doubt loses a tie.
        ({"g": 10, "c": 9.5}, [forbid("f", "g", U)], "c", "g", [], [], []),
        # Prefer decides what speed does not, and nothing else.
        ({"g": 10, "c": 9.5}, [prefer("p", "c")], "c", "g", [], ["p"], []),
        ({"g": 10, "c": 9.5}, [prefer("p", "g")], "g", "c", [], ["p"], []),
        ({"g": 10, "c": 9.5}, [prefer("p", "g"), prefer("p", "c")], "g", "c", [], [], []),
        ({"g": 10, "c": 5}, [prefer("p", "c")], "g", "c", [], [], []),
        ({"g": 10, "c": 9.5}, [prefer("p", "c", truth=U)], "g", "c", [], [], []),
        # A worth says what a gain must surely bring.
        ({"g": 10, "c": 8}, [prefer("p", "c", 0.3)], "c", "g", [], ["p"], []),
        ({"g": 10, "c": 6}, [prefer("p", "c", 0.3)], "g", "c", [], [], []),
        # More preferences win; rank breaks the rest.
        ({"g": 10, "c": 10, "d": 10}, [prefer("p", "d"), prefer("q", "d"), prefer("p", "c")],
         "d", "g", [], ["p", "q"], []),
        # What cannot be predicted does not win.
        ({"g": 0, "c": 5}, [], "c", None, [], [], []),
    ],
)  # fmt: skip
def test_effects(speeds, said, chosen, runner_up, rejected, preferred, doubts):
    made = decide("training", [estimate(p, s) for p, s in speeds.items()], said, ratio)
    assert (made.chosen and made.chosen.plan.place) == chosen
    assert (made.runner_up and made.runner_up.plan.place) == runner_up
    assert [(r.estimate.plan.place, r.rule) for r in made.rejected] == rejected
    assert list(made.preferred) == preferred
    assert [v.rule for v in made.doubts] == doubts


def test_the_runner_up_stands_elsewhere():
    plans = [estimate("g", 10), estimate("g", 9, "fp16"), estimate("c", 5)]
    made = decide("training", plans, [], ratio)
    assert made.runner_up.plan.place == "c"
    assert made.ratio == pytest.approx((1.8, 2.0, 2.2))
    assert not made.tied


@pytest.mark.parametrize(("pair", "second"), [(5, "cpu"), (9.9, "gpu:0+1")])
def test_a_part_of_the_same_devices_is_no_other_way_unless_it_is_as_fast(pair, second):
    plans = [estimate("gpu:0+1+2+3", 10), estimate("gpu:0+1", pair), estimate("cpu", 1)]
    assert decide("training", plans, [], ratio).runner_up.plan.place == second


def test_a_plan_in_doubt_is_followed_by_one_there_that_surely_runs():
    plans = [estimate("g", 10), estimate("g", 5, "fp16"), estimate("c", 8)]
    made = decide("training", plans, [forbid("f", "g", U)], ratio)
    assert [v.rule for v in made.doubts] == ["f"]
    assert made.runner_up.plan == plans[1].plan


def test_where_there_is_no_other_place_the_runner_up_has_another_precision():
    plans = [estimate("c", 10), estimate("c", 9.9), estimate("c", 5, "fp16")]
    assert decide("training", plans, [], ratio).runner_up.plan.dtype == "fp16"


def test_a_tie_says_what_would_settle_it():
    plans = [estimate("g", 10), estimate("c", 9.9, settles="mlinfra bench matmul")]
    made = decide("training", plans, [], ratio)
    assert (made.tied, made.settles) == (True, "mlinfra bench matmul")


def mendable(rule, place, *, fix=True):
    return msgspec.structs.replace(forbid(rule, place), fix=fix)


@pytest.mark.parametrize(
    ("speeds", "said", "mended"),
    [
        ({"g": 10, "c": 5}, [mendable("torch", "g")], "g"),
        # What no fix lifts, wholly, or what is not surely a tenth faster, is not held out.
        ({"g": 10, "c": 5}, [mendable("torch", "g", fix=False)], None),
        ({"g": 10, "c": 5}, [mendable("torch", "g"), forbid("f", "g")], None),
        ({"g": 10, "c": 9}, [mendable("torch", "g")], None),
        # Where nothing else runs it is told all the more.
        ({"g": 10}, [mendable("torch", "g")], "g"),
        ({"g": 0, "c": 5}, [mendable("torch", "g")], None),
    ],
)
def test_a_plan_that_waits_for_a_free_fix_is_held_out(speeds, said, mended):
    made = decide("training", [estimate(p, s) for p, s in speeds.items()], said, ratio)
    assert (made.mended and made.mended.estimate.plan.place) == mended


@pytest.mark.parametrize(
    ("speeds", "said", "why"),
    [
        ({}, [], "there is no plan for this phase"),
        ({"g": 10}, [forbid("f", "g")], "f rules out every plan: f said no"),
        ({"g": 0}, [], "nothing known of g"),
    ],
)
def test_why_there_is_no_answer(speeds, said, why):
    made = decide("training", [estimate(p, s) for p, s in speeds.items()], said, ratio)
    assert (made.chosen, made.why_none) == (None, why)


def test_the_loser_is_shown_with_the_reason():
    made = decide("training", [estimate("g", 1)], [forbid("f", "g")], ratio)
    assert made.rejected[0].because == "f said no"


def test_of_plans_that_speed_does_not_part_the_one_that_surely_may_run_wins():
    plans = [estimate("g", 10), estimate("c", 9.9)]
    said = [forbid("may-not-fit", "g", U), prefer("keep", "g")]
    assert decide("training", plans, said, ratio).chosen.plan.place == "c"


def test_where_nothing_fits_the_smallest_plan_is_spoken_of():
    needs = {"g": 60.0, "c": 14.0}
    plans = [
        msgspec.structs.replace(estimate(p, 9), memory_bytes=Interval(n, n, n, "bytes"))
        for p, n in needs.items()
    ]
    said = [forbid("too-big-for-g", "g"), forbid("too-big-for-c", "c")]
    why = decide("training", plans, said, ratio).why_none
    assert why == "too-big-for-c rules out every plan: too-big-for-c said no"


def in_batch(place, speed, batch, **plan):
    made = estimate(place, speed)
    return msgspec.structs.replace(
        made, plan=msgspec.structs.replace(made.plan, batch=batch, **plan)
    )


@pytest.mark.parametrize(
    ("speeds", "batch"),
    [
        ({256: 100, 128: 99, 64: 98, 32: 80}, 64),  # a few per cent are not worth four times more
        ({256: 100, 128: 90}, 256),  # tied, but likely more than a few per cent
        ({8: 100, 16: 99}, 8),
    ],
)
def test_a_batch_as_good_as_the_fastest_is_taken_where_it_is_smaller(speeds, batch):
    plans = [in_batch("g", speed, n) for n, speed in speeds.items()]
    assert decide("training", plans, [], ratio).chosen.plan.batch == batch


def test_a_smaller_batch_with_a_doubt_or_without_a_preference_is_not_taken():
    plans = [in_batch("g", 100, 256), in_batch("g", 99, 128), in_batch("g", 98, 64)]
    doubt, liked = (
        msgspec.structs.replace(verdict("r", "g", effect, truth), subject=plan.plan.id)
        for effect, truth, plan in (
            (Effect.FORBID, Truth.UNKNOWN, plans[1]), (Effect.PREFER, Truth.FIRES, plans[0]),
        )
    )  # fmt: skip
    assert decide("training", plans[:2], [doubt], ratio).chosen.plan.batch == 256
    assert decide("training", [plans[0], plans[2]], [liked], ratio).chosen.plan.batch == 256


def test_what_is_surely_outdone_by_itself_with_a_setting_does_not_win_by_preference():
    """Two precisions share little, so that the leader alone would not rule out eager fp16."""
    fast, twin, slow = (
        in_batch("g", speed, 8, dtype=dtype, compiled=compiled)
        for speed, dtype, compiled in (
            (140, "bf16", True),
            (139, "fp16", True),
            (100, "fp16", False),
        )
    )

    def apart(a, b):
        likely = a.throughput.likely / b.throughput.likely
        width = 1.05 if a.plan.dtype == b.plan.dtype else 1.6
        return Interval(likely / width, likely, likely * width, "x")

    liked = msgspec.structs.replace(prefer("eager", "g", 0.1), subject=slow.plan.id)
    chosen = decide("training", [fast, twin, slow], [liked], apart).chosen
    assert chosen.plan.compiled


def test_a_plan_that_likely_does_not_fit_does_not_win_by_preference():
    plans = [estimate("g", 10), estimate("c", 9.9)]
    needs = Interval(9.0, 12.0, 15.0, "bytes")
    tight = msgspec.structs.replace(plans[1], memory_bytes=needs, memory_available=10.0)
    assert decide("training", [plans[0], tight], [prefer("p", "c")], ratio).chosen.plan.place == "g"


def test_a_place_of_which_nothing_is_known_is_named():
    plans = [estimate("c", 5), estimate("c", 0, "fp16"), estimate("g", 0), estimate("g", 0, "fp16")]
    for made in (decide("training", plans, [], ratio), decide("training", plans[2:], [], ratio)):
        assert [e.plan.place for e in made.unpredicted] == ["g"]


def replayed(share, place, speed, batch):
    return msgspec.structs.replace(in_batch(place, speed, batch), replayed=share)


@pytest.mark.parametrize(
    ("plans", "batch"),
    [
        ([(0.0, 100, 256), (0.9, 94, 32), (0.9, 91, 8)], 8),  # timed ones stand against each other
        ([(0.0, 100, 256), (0.9, 94, 32), (0.2, 97, 8)], 32),  # a fifth is not enough
        ([(0.0, 100, 256), (0.9, 80, 32)], 256),  # surely slower
    ],
)
def test_of_tied_batches_those_that_were_timed_are_chosen_from(plans, batch):
    listed = [replayed(share, "g", speed, n) for share, speed, n in plans]
    assert decide("training", listed, [], ratio).chosen.plan.batch == batch


@pytest.mark.parametrize(("fast", "chosen"), [(1.15, "g"), (1.05, "c"), (1.25, "g")])
def test_a_gain_that_is_sure_and_likely_large_enough_beats_a_preference(fast, chosen):
    def close(a, b):
        likely = a.throughput.likely / b.throughput.likely
        return Interval(likely * 0.96, likely, likely * 1.04, "x")

    plans = [estimate("g", 10 * fast), estimate("c", 10)]
    said = [prefer("p", "c", worth=0.1)]
    assert decide("training", plans, said, close).chosen.plan.place == chosen


@pytest.mark.parametrize(
    ("places", "chosen"),
    [
        (["vehicle", "server", "cpu"], "cpu"),
        (["vehicle", "server"], "server"),
        (["vehicle", "phone", "asic"], "asic"),
        (["vehicle", "phone"], "vehicle"),
    ],
)
def test_what_is_there_is_chosen_before_what_is_bought_and_that_before_the_rest(places, chosen):
    plans = [estimate(place, 10.0 - rank) for rank, place in enumerate(places)]
    assert decide("training", plans, [], ratio).chosen.plan.place == chosen


@pytest.mark.parametrize(("fast", "chosen"), [(13, "c"), (18, "g")])
def test_a_preference_does_not_take_what_is_likely_far_slower(fast, chosen):
    def wide(a, b):
        likely = a.throughput.likely / b.throughput.likely
        return Interval(likely / 2, likely, likely * 2, "x")

    plans = [estimate("g", fast), estimate("c", 10)]
    said = [prefer("p", "c", worth=0.1)]
    assert decide("training", plans, said, wide).chosen.plan.place == chosen
