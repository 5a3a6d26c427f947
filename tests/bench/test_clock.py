from advisor.bench.clock import SystemClock


def test_the_clock_never_runs_backwards():
    clock = SystemClock()
    times = [clock.now() for _ in range(100)]
    assert times == sorted(times)
