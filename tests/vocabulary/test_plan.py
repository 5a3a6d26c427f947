"""What could not be predicted is unknown, with what would settle it."""

import msgspec

from advisor.estimate import Estimate, Feeding, Interval, Plan
from advisor.fact import Status
from advisor.vocabulary.plan import plan_facts, workload_facts
from advisor.vocabulary.rivals import Listed
from advisor.workload import Trees, Workload

BLANK = Estimate(
    plan=Plan(phase="inference", place="gpu:0", dtype="fp16", batch=1), throughput=None,
    seconds=None, memory_bytes=None, memory_available=None, bound=None,
    unpredicted="no fp16 matmul was timed", settles="mlinfra bench matmul",
)  # fmt: skip


def test_unpredicted_is_unknown():
    told = plan_facts(BLANK, Listed((BLANK,)), lambda _a, _b: Interval(1, 1, 1, "1"))
    rate = told["plan.throughput"]
    assert (rate.status, rate.why, rate.remedy) == (
        Status.UNKNOWN, "no fp16 matmul was timed", "mlinfra bench matmul",
    )  # fmt: skip
    assert told["plan.place"].value == "gpu:0"


def test_trees_have_rows_and_no_parameters():
    trees = Workload(
        name="trees", title="t", network="x", unit="jobs", phases=("training",), batches=(1,),
        sources=("s",), trees=Trees(rows=10, features=2, rounds=3, depth=4),
    )  # fmt: skip
    told = workload_facts(trees)
    assert told["workload.rows"].value == 10
    assert told["workload.parameters"].status is Status.MISSING


def test_what_feeds_a_plan_is_told_beside_what_it_could_take():
    could = Interval(90, 100, 110, "samples/s")
    feeding = Feeding(compute=could, input=Interval(36, 38, 40, "samples/s"), workers_needed=6)
    fed = msgspec.structs.replace(BLANK, feeding=feeding, unpredicted=None)
    told = plan_facts(fed, Listed((fed,)), lambda _a, _b: Interval(1, 1, 1, "1"))
    assert told["plan.compute_rate"].value == 100
    assert told["plan.input_rate"].value == 38
    share = told["plan.input_share"]
    assert (share.value, share.low, share.high) == (0.38, 36 / 110, 40 / 90)
    assert told["plan.workers_needed"].value == 6
    link = told["plan.link_share"]
    assert (link.status, link.remedy) == (Status.UNKNOWN, "mlinfra bench host_link")
