"""Two traces show which size is the batch: scaled back, they are what was traced."""

import pytest

from advisor.errors import AdvisorError
from advisor.model.samples import alike, of_one, parted
from advisor.operation import Op, scaled, work


def gemm(m, n, k, batch=1, weights=0.0):
    shape = {"m": m, "n": n, "k": k} | ({"batch": batch} if batch > 1 else {})
    return Op(op="gemm", kernel="matmul", shape=shape, weights=weights)


def moved(reads, writes, flops=None):
    return Op(op="elementwise", kernel="add", reads=reads, writes=writes, flops=flops)


def conv(n, c=3, groups=1):
    shape = {"n": n, "c": c, "h": 8, "w": 8, "k": c, "r": 3, "s": 3, "groups": groups}
    return Op(op="conv", shape=shape)


@pytest.mark.parametrize(
    ("small", "large", "batch"),
    [
        (gemm(4, 5, 6, weights=30.0), gemm(8, 5, 6, weights=30.0), 4),
        (gemm(7, 5, 6, batch=8), gemm(7, 5, 6, batch=16), 4),
        (gemm(5, 4, 6), gemm(5, 8, 6), 4),  # the weights stand to the left
        (gemm(12, 5, 6), gemm(24, 5, 6), 4),
        (gemm(5, 7, 4), gemm(5, 7, 8), 4),  # summed over the batch
        (moved(40.0, 20.0, 8.0), moved(80.0, 40.0, 16.0), 4),
        (moved(50.0, 40.0), moved(90.0, 80.0), 4),  # 10 of them are the same for every sample
        (conv(4), conv(8), 4),
        (conv(1, c=12, groups=4), conv(1, c=24, groups=8), 4),  # kernels of each sample's own
    ],
)
def test_an_op_scaled_to_the_batch_does_the_work_that_was_traced(small, large, batch):
    (one,) = of_one([small], [large], batch)
    for traced, times in ((small, batch), (large, 2 * batch)):
        back = work(scaled(one, times))
        assert back.flops == pytest.approx(work(traced).flops)
        if small.op == "elementwise":
            assert back.elements == pytest.approx(work(traced).elements)


def pool(reads, writes, c=8):
    shape = {"c": c, "h": 4, "w": 4, "r": 2, "s": 2, "stride": 2}
    return Op(op="pool", kernel="avg_pool2d", shape=shape, reads=reads, writes=writes)


@pytest.mark.parametrize(
    ("small", "large"),
    [
        (pool(512.0, 128.0), pool(1024.0, 256.0)),
        (pool(512.0, 128.0, c=32), pool(1024.0, 256.0, c=64)),  # the samples are its channels
    ],
)
def test_a_pool_keeps_its_maps(small, large):
    (one,) = of_one([small], [large], 4)
    assert (one.shape["c"], one.reads, one.writes) == (8, 128.0, 32.0)


def test_what_is_the_same_for_every_batch_is_run_once():
    (one,) = of_one([moved(10.0, 10.0)], [moved(10.0, 10.0)], 4)
    assert one.once
    assert scaled(one, 64) == one


def test_what_is_read_for_every_batch_is_like_weights():
    (one,) = of_one([moved(50.0, 40.0)], [moved(90.0, 80.0)], 4)
    assert (one.reads, one.writes, one.weights) == (10.0, 10.0, 10.0)


@pytest.mark.parametrize(
    ("op", "expected"),
    [
        (gemm(8, 5, 6, weights=30.0), gemm(2, 5, 6, weights=30.0)),
        (gemm(8, 5, 6, batch=4), gemm(8, 5, 6)),
        (moved(8.0, 4.0), moved(2.0, 1.0)),
        (conv(8), conv(2)),
    ],
)
def test_one_trace_is_parted_by_its_batch(op, expected):
    assert parted([op], 4) == [expected]


def test_what_the_batch_does_not_divide_is_run_once():
    (found,) = parted([gemm(7, 5, 6, weights=30.0)], 4)
    assert found.once


def test_traces_of_other_calls_are_not_alike():
    assert alike([gemm(1, 2, 3)], [gemm(2, 2, 3)])
    assert not alike([gemm(1, 2, 3)], [gemm(2, 2, 3), moved(1.0, 1.0)])
    with pytest.raises(AdvisorError, match="same sizes twice"):
        of_one([gemm(1, 2, 3, weights=6.0)], [gemm(1, 2, 3, weights=7.0)], 2)
