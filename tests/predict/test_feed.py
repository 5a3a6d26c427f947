"""A step is as slow as what feeds it; what was not timed feeds nothing, and promises nothing."""

import pytest

from advisor.estimate import Basis, Feeding, Interval, Plan
from advisor.operation import Op, OpGraph
from advisor.predict.feed import Supply, assumed, basis, fed, feeding, supply
from advisor.workload import Dataset, Workload

GRAPH = OpGraph(ops=(Op(op="copy"),), parameters=1, activations=1, workspace=1, inputs=1000)
PHOTOGRAPHS = Dataset("photographs", samples=10**6, sample_bytes=230_000, encoding="jpeg")
ROWS = Dataset("rows", samples=10**6, sample_bytes=1000)
COMPUTE = Interval(0.09, 0.1, 0.11, "s")
TRAIN = Plan(phase="training", place="gpu:0", dtype="fp32", batch=32)


def network(dataset):
    return Workload(
        name="n", title="t", network="x", unit="samples", phases=("training",), batches=(32,),
        sources=("s",), graph=GRAPH, dataset=dataset,
    )  # fmt: skip


def rate(value):
    return Basis(fact="f", value=value, low=value, high=value, origin="measured", source="s")


def test_what_feeds_a_place_is_read_off_its_profile(profile, timed):
    rows = [
        timed("input.images", 200.0),
        timed("disk.read", 1e9, device="disk:0"),
        timed("host_link.h2d", 12e9, device="link:gpu:0"),
        timed("host_link.h2d", 3e9, device="link:gpu:1"),
    ]
    given = supply(profile(*rows), "gpu:0")
    assert (given.worker.value, given.disk.value, given.link.value) == (200.0, 1e9, 12e9)
    assert given.workers == 2
    assert supply(profile(*rows), "cpu").link is None


@pytest.mark.parametrize(
    ("dataset", "given", "delivered", "workers"),
    [
        # Twice the bytes of the mean photograph take twice as long: 50/s a worker, 320/s wanted.
        (PHOTOGRAPHS, Supply(worker=rate(100.0), workers=4), 200.0, 7),
        # 230 GB do not stay in 64 GB; the disk reads 23 MB/s.
        (PHOTOGRAPHS, Supply(rate(100.0), 4, rate(23e6), None, 64e9), 100.0, 7),
        (PHOTOGRAPHS, Supply(rate(100.0), 4, rate(23e6), None, 640e9), 200.0, 7),
        (PHOTOGRAPHS, Supply(disk=rate(23e6)), None, None),
        (ROWS, Supply(worker=rate(100.0), workers=4), None, None),
        (ROWS, Supply(disk=rate(1e6)), 1000.0, None),
        (None, Supply(worker=rate(100.0), workers=4), None, None),
    ],
)
def test_workers_and_disk(constants, dataset, given, delivered, workers):
    found = feeding(network(dataset), TRAIN, COMPUTE, given, constants["gpu"])
    assert found.compute.likely == pytest.approx(320)
    assert (found.input.likely if found.input else None) == (delivered and pytest.approx(delivered))
    assert found.workers_needed == workers


def test_the_link_carries_fp32(constants):
    found = feeding(network(None), TRAIN, COMPUTE, Supply(link=rate(4e6)), constants["gpu"])
    assert found.link.likely == pytest.approx(1000)


@pytest.mark.parametrize(
    ("phase", "input_rate", "link_rate", "seconds", "bound"),
    [
        ("training", 1000, 1000, 0.1, None),
        ("training", 160, 1000, 0.2, "input"),
        ("training", 160, 80, 0.4, "link"),
        ("inference", 160, 1000, 0.1, None),
        ("inference", 160, 80, 0.4, "link"),
        ("training", None, None, 0.1, None),
    ],
)
def test_a_step_is_as_slow_as_the_slowest(phase, input_rate, link_rate, seconds, bound):
    plan = Plan(phase=phase, place="gpu:0", dtype="fp32", batch=32)
    sure = [Interval(r, r, r, "samples/s") if r else None for r in (320, input_rate, link_rate)]
    step, waits = fed(plan, COMPUTE, Feeding(compute=sure[0], input=sure[1], link=sure[2]))
    assert step.likely == pytest.approx(seconds)
    assert waits == bound


@pytest.mark.parametrize(
    ("dataset", "given", "origin"),
    [
        (PHOTOGRAPHS, Supply(workers=4), "catalogue"),
        (PHOTOGRAPHS, Supply(worker=rate(100.0), workers=4), "measured"),
        (PHOTOGRAPHS, Supply(), None),  # who knows how many workers the other end has
        (ROWS, Supply(workers=4), None),
        (None, Supply(workers=4), None),
    ],
)
def test_an_untimed_worker_delivers_what_is_usual_and_says_so(constants, dataset, given, origin):
    supposed = assumed(network(dataset), given, constants["gpu"])
    assert (supposed.worker.origin if supposed.worker else None) == origin
    found = feeding(network(dataset), TRAIN, COMPUTE, supposed, constants["gpu"])
    told = [line.origin for line in basis(TRAIN, found, supposed)]
    assert told == ([origin] if origin and dataset else [])


def test_what_is_usual_is_wide_and_says_no_number_of_workers(constants):
    supposed = assumed(network(PHOTOGRAPHS), Supply(workers=4), constants["gpu"])
    found = feeding(network(PHOTOGRAPHS), TRAIN, COMPUTE, supposed, constants["gpu"])
    # Four workers at 200/s, on photographs of twice the usual bytes.
    assert found.input.likely == pytest.approx(400)
    assert found.input.high / found.input.low > 3
    assert found.workers_needed is None
