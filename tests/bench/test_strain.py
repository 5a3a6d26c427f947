"""What disturbed one visit: the longest wait of a thread, and stolen time."""

import pytest

from advisor.bench.strain import Strain, strained


def play(root, waits, steal):
    """Write a /proc whose threads waited so many milliseconds, with so many stolen ticks."""
    for number, wait in enumerate(waits):
        task = root / "self/task" / str(100 + number)
        task.mkdir(parents=True, exist_ok=True)
        (task / "schedstat").write_text(f"5000 {int(wait * 1e6)} 7\n")
    ticks = " ".join(["9"] * 7)
    (root / "stat").write_text(f"cpu0 {ticks} {steal} 0 0\ncpu1 {ticks} 50 0 0\n")


def test_the_longest_wait_since_last_asked(tmp_path):
    play(tmp_path, [3, 1], 4)
    strain = Strain(tmp_path, frozenset({0}))
    play(tmp_path, [4, 9], 7)
    assert strain.since() == (pytest.approx(0.008), pytest.approx(0.03))
    assert strain.since() == (0.0, 0.0)


def test_a_new_thread_has_waited_for_nothing_yet(tmp_path):
    play(tmp_path, [1], 0)
    strain = Strain(tmp_path, frozenset({0}))
    play(tmp_path, [1, 500], 0)
    assert strain.since()[0] == 0.0


def test_where_the_kernel_tells_nothing_nothing_is_seen(tmp_path):
    assert Strain(tmp_path, frozenset({0})).since() == (0.0, 0.0)


@pytest.mark.parametrize(
    ("waited", "stolen", "took", "disturbed"),
    [
        (0.0, 0.0, 0.010, False),
        (0.0001, 0.0, 0.001, False),  # a wake-up
        (0.0004, 0.0, 0.010, False),  # 4 %
        (0.0010, 0.0, 0.010, True),
        (0.0, 0.01, 1.000, True),  # a tick was stolen
    ],
)
def test_what_counts_as_a_disturbance(waited, stolen, took, disturbed):
    assert strained(waited, stolen, took) is disturbed
