import pytest

from advisor.bench.order import dealt, shuffle, thinned
from advisor.bench.series import Series
from tests.bench.fakes import task


def surface(name, count, **more):
    return [task(name, conditions={"m": m}, **more) for m in range(count)]


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5, 0.9])
def test_any_beginning_has_a_like_share_of_every_surface(share):
    counts = {"op": 200, "conv": 20, "attention": 7}
    tasks = [item for name, count in counts.items() for item in surface(name, count)]
    begun = thinned(tasks)[: round(share * len(tasks))]
    for name, count in counts.items():
        found = [item.conditions["m"] for item in begun if item.name == name]
        assert found == list(range(len(found)))
        assert abs(len(found) - share * count) <= 1


def test_a_surface_keeps_its_ranks_and_rare_ones_come_last():
    tasks = [*surface("rare", 2, rank=3), *surface("a", 1, rank=2), *surface("a", 1, rank=1)]
    assert [(item.name, item.rank) for item in thinned(tasks)] == [
        ("a", 1), ("a", 2), ("rare", 3), ("rare", 3)
    ]  # fmt: skip


def test_the_core_takes_its_surfaces_in_turn():
    tasks = [
        *surface("fp32", 3, rank=-1),
        *surface("bf16", 2, rank=-1),
        *surface("first", 1, rank=-3),
    ]
    names = [(item.name, item.conditions["m"]) for item in dealt(tasks)]
    assert names == [
        ("first", 0), ("fp32", 0), ("bf16", 0), ("fp32", 1), ("bf16", 1), ("fp32", 2)
    ]  # fmt: skip


def test_in_a_round_the_core_goes_first_and_nothing_follows_itself():
    active = [
        Series(task=item, calls=1, costs=[1.0], expected=1.0)
        for item in (*surface("a", 5, rank=1), *surface("core", 2, rank=-1))
    ]
    orders = []
    for number in range(20):
        last = active[-1].task
        shuffle(active, number)
        assert [series.task.name for series in active].index("a") == 2
        assert active[0].task != last
        orders.append([series.task.key for series in active])
    assert len(set(map(tuple, orders))) > 10
