from advisor.bench.clock import SystemClock


def test_the_clock_never_runs_backwards():
    clock = SystemClock()
    times = [clock.now() for _ in range(100)]
    assert times == sorted(times)


def test_time_in_which_we_stood_still_is_left_out():
    clock = SystemClock()
    before = clock.now()
    clock.skip(3600.0)
    assert before - 3600.0 <= clock.now() < before
