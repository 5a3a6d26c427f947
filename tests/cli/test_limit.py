"""A limit ends what runs too long, with the exit code of an open question."""

import contextlib
import signal

import pytest

from advisor.cli.limit import within
from advisor.errors import AdvisorError


def test_what_is_too_slow_is_inconclusive():
    with pytest.raises(AdvisorError, match="the limit of 20ms is over") as caught, within("20ms"):
        signal.pause()
    assert caught.value.code == 3


def deaf() -> None:
    with contextlib.suppress(Exception):
        signal.pause()


def test_no_handler_of_ordinary_failures_stops_it():
    with pytest.raises(AdvisorError, match="is over"), within("20ms"):
        deaf()


@pytest.mark.parametrize("limit", [None, "1h"])
def test_what_is_in_time_goes_on_and_leaves_no_alarm(limit):
    before = signal.getsignal(signal.SIGALRM)
    with within(limit):
        pass
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
    assert signal.getsignal(signal.SIGALRM) is before


def test_what_is_no_time():
    with pytest.raises(AdvisorError, match="read --limit soon"), within("soon"):
        pass
