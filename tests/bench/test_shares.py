import pytest

from advisor.bench.shares import again_seconds, headline_seconds


@pytest.mark.parametrize(
    ("seconds", "headline", "accelerated"),
    [(2.0, 1.2, 1.2), (3.5, 2.1, 2.1), (5.0, 2.5, 2.5), (30.0, 7.5, 12.0)],
)
def test_a_short_run_is_for_the_headline_figures(seconds, headline, accelerated):
    assert headline_seconds(seconds, accelerated=False) == pytest.approx(headline)
    assert headline_seconds(seconds, accelerated=True) == pytest.approx(accelerated)


def test_several_processes_need_half_of_the_time():
    assert headline_seconds(90.0, accelerated=False, thorough=True) == 45.0


@pytest.mark.parametrize(("seconds", "again"), [(5.0, 0.0), (30.0, 3.0)])
def test_a_short_run_has_no_second_look(seconds, again):
    assert again_seconds(seconds) == again
