"""What could not be predicted is unknown, with what would settle it."""

from advisor.estimate import Estimate, Interval, Plan
from advisor.fact import Status
from advisor.vocabulary.plan import plan_facts, workload_facts
from advisor.workload import Trees, Workload

BLANK = Estimate(
    plan=Plan(phase="inference", place="gpu:0", dtype="fp16", batch=1), throughput=None,
    seconds=None, memory_bytes=None, memory_available=None, bound=None,
    unpredicted="no fp16 matmul was timed", settles="mlinfra bench matmul",
)  # fmt: skip


def test_unpredicted_is_unknown():
    told = plan_facts(BLANK, (BLANK,), lambda _a, _b: Interval(1, 1, 1, "1"))
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
