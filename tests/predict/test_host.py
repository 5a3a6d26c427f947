"""What the framework takes goes with what a call takes on the machine."""

import msgspec
import pytest

from advisor.predict.figures import measured
from advisor.predict.host import code_seconds, host_seconds, most_start, pace

CPU = {
    "launch_seconds": 2e-6,
    "op_seconds": 1e-6,
    "recorded_seconds": 2e-6,
    "backward_seconds": 3e-6,
    "training_seconds": 5e-5,
}
QUEUE = {"queue": 1.0, "op_seconds": 6e-6}


@pytest.mark.parametrize(
    ("ahead", "back", "learned", "seconds"),
    [
        (10, 0, False, 10e-6),
        (10, 9, False, 20e-6 + 27e-6),
        (10, 9, True, 20e-6 + 27e-6 + 50e-6),
        (0, 0, False, 0.0),
    ],
)
def test_what_is_recorded_costs_more_than_what_is_only_run(profile, ahead, back, learned, seconds):
    figures = measured(profile(), "cpu")
    assert host_seconds(figures, CPU, ahead, back, learned=learned) == pytest.approx(
        seconds * pace(figures, CPU)
    )


@pytest.mark.parametrize(
    ("launch", "constants", "factor"),
    [(1e-6, CPU, 0.5), (4e-6, CPU, 2.0), (3e-6, QUEUE, 1.0), (12e-6, QUEUE, 2.0)],
)
def test_all_goes_with_the_launch_that_was_timed(profile, timed, launch, constants, factor):
    figures = measured(profile(timed("launch.latency", launch)), "cpu")
    assert pace(figures, constants) == pytest.approx(factor)


def test_where_no_launch_was_timed_it_is_as_where_the_constants_were_set(profile):
    whole = profile()
    rows = tuple(m for m in whole.measurements if m.name != "launch.latency")
    figures = measured(msgspec.structs.replace(whole, measurements=rows), "cpu")
    assert (pace(figures, CPU), pace(figures, QUEUE)) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("launch", "most"), [(2e-6, 16e-6), (5e-6, 40e-6), (50e-6, 100e-6), (None, 100e-6)]
)
def test_no_kernel_starts_slower_than_some_launches(profile, timed, launch, most):
    rows = [timed("launch.latency", launch, unit="s")] if launch else []
    assert most_start(measured(profile(*rows), "cpu")) == pytest.approx(most)


@pytest.mark.parametrize(
    ("ops", "training", "seconds"),
    [(19, True, 0.8 * 19 * 20e-6), (0, True, 0.0), (5, False, 0.1 * 5 * 20e-6)],
)
def test_code_is_fetched_again_where_a_step_pushes_it_out(profile, ops, training, seconds):
    figures = msgspec.structs.replace(measured(profile(), "cpu"), waking=20e-6)
    shares = {"cold_code_training": 0.8, "cold_code_inference": 0.1}
    found = code_seconds(figures, shares, ops, training=training)
    assert found == pytest.approx(seconds)


def test_where_no_share_is_known_no_code_is_fetched(profile):
    figures = msgspec.structs.replace(measured(profile(), "cpu"), waking=20e-6)
    assert code_seconds(figures, {}, 19, training=True) == 0.0
