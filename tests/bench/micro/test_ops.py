"""The random ops are the same everywhere, of every class, and bounded."""

from collections import Counter
from random import Random

from advisor.bench.micro import ops
from advisor.bench.task import Place, Site
from advisor.conditions import sound, timed_op
from advisor.operation import op_class, window, work


def drawn():
    return ops.points(Random(ops.SEED))


def test_the_same_everywhere():
    assert drawn() == drawn()


def test_every_class_forward_and_most_backward():
    classes = Counter((op_class(op), back) for op, back in drawn())
    forward = {name for name, back in classes if not back}
    products = {"gemm", "bmm", "conv", "pointwise", "depthwise", "attention", "recurrent"}
    moving = {"norm", "softmax", "elementwise", "special", "pool", "copy", "embedding"}
    assert forward == products | moving | {"optimizer"}
    assert classes["conv", True] >= 10


def test_what_only_hands_its_gradient_on_is_not_timed():
    drawn_twice = [op for op, back in drawn() if back and op.kernel in {"clone", "cat", "stack"}]
    assert drawn_twice == []


def test_pools_have_windows_of_both_kinds():
    pools = {(op.kernel, window(op)) for op, _ in drawn() if window(op)}
    assert {kernel for kernel, _ in pools} == {"max_pool2d_with_indices", "avg_pool2d"}
    assert {places for _, places in pools} == {4, 9}
    assert all(sound(op) for op, _ in drawn())


def test_bounded():
    for op, _ in drawn():
        assert work(op).flops <= 2e9
        assert work(op).elements <= (5e7 if op.op == "optimizer" else 1.6e7)


def test_tasks_carry_the_op():
    place = Place(device="cpu", kind="cpu", torch="cpu", dtypes=("fp32", "bf16"))
    tasks = list(ops.tasks(Site(places=(place,), threads=2, folder=".")))
    assert len({task.key for task in tasks}) == len(tasks)
    ((op, back), task) = drawn()[0], tasks[0]
    assert timed_op(task.conditions).shape == op.shape
    assert task.conditions["backward"] == back
    assert (task.name, task.unit, task.dtype) == ("op", "s", "fp32")
    trains = [(bool(t.conditions["backward"]) or t.conditions["op"] == "optimizer") for t in tasks]
    assert [t.trains for t in tasks] == trains
    assert {True, False} == set(trains)
    assert list(ops.headline(Site(places=(place,), threads=2, folder="."), ())) == []


def test_moving_classes_have_an_op_so_small_that_starting_it_is_all():
    smallest = Counter()
    for op, back in drawn():
        key = op_class(op), back
        smallest[key] = min(smallest.get(key, 10**9), int(work(op).elements))
    moving = ("norm", "softmax", "elementwise", "special", "embedding", "gemm", "bmm")
    assert max(smallest[name, back] for name in moving for back in (False, True)) < 10_000
    assert smallest["copy", False] < 10_000
    assert smallest["pool", False] < 30_000
