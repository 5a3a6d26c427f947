"""How a run's time is shared out between surfaces and headline figures."""

# The headline figures get a share of the time, larger where accelerators are held under load for
# theirs, and where they are timed in several processes; in a short run as many seconds as they
# need, but no more than the larger half.
_HEADLINE_SHARE = 0.25
_ACCELERATED_SHARE = 0.4
_THOROUGH_SHARE = 0.5
_HEADLINE_SECONDS = 2.5
_LARGER_HALF = 0.6
# The best of the surfaces is timed again in a tenth, where that is long enough.
_AGAIN_SHARE = 0.1
_AGAIN_SECONDS = 1.0


def headline_seconds(seconds: float, *, accelerated: bool, thorough: bool = False) -> float:
    """Return how much of the time is kept for the headline figures."""
    usual = _ACCELERATED_SHARE if accelerated else _HEADLINE_SHARE
    share = seconds * (_THOROUGH_SHARE if thorough else usual)
    return max(share, min(_HEADLINE_SECONDS, seconds * _LARGER_HALF))


def again_seconds(seconds: float) -> float:
    """Return how much of it is for a second look at the best of the surfaces."""
    share = seconds * _AGAIN_SHARE
    return share if share >= _AGAIN_SECONDS else 0.0
