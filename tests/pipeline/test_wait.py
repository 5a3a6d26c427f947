"""A machine is asked again until it is ready, or the time is over."""

import pytest

from advisor.pipeline.wait import until_ready
from tests.checks import line, report

READY = report(line("r", "pass"))
NOT_YET = report(line("r", "fail"))
OPEN = report(line("r", "unknown"))


class Time:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now = 100.0
        self.pauses = []

    def sleep(self, seconds):
        self.pauses.append(seconds)
        self.now += seconds


@pytest.mark.parametrize(
    ("reports", "limit", "pauses", "code"),
    [
        ([READY], 60, [], 0),
        ([NOT_YET, OPEN, READY], 60, [1, 2], 0),
        ([NOT_YET] * 9, 40, [1, 2, 4, 8, 15, 10], 1),
        ([OPEN] * 9, 2.5, [1, 1.5], 3),
    ],
)
def test_pauses_double_and_stay_within_the_limit(reports, limit, pauses, code):
    time, said, left = Time(), [], iter(reports)
    told = until_ready(lambda: next(left), limit, lambda: time.now, time.sleep, said.append)
    assert told.exit == code
    assert time.pauses == pauses
    assert len(said) == len(pauses)
