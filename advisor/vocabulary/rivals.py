"""The plans that a plan is measured against: each looked up once, however many ask for it."""

from advisor.estimate import Estimate, Plan

_Kin = tuple[str, str, str, tuple[str, ...]]


class Listed:
    """All plans that were predicted, by what others ask of them."""

    def __init__(self, estimates: tuple[Estimate, ...]) -> None:
        """Sort them once."""
        self._by_plan: dict[Plan, Estimate] = {}
        self._on_cpu: dict[str, Estimate] = {}
        self._on_gpu: dict[str, Estimate] = {}
        self._smallest: dict[_Kin, Estimate] = {}
        for one in estimates:
            kin = _kin(one)
            least = self._smallest.get(kin)
            if least is None or one.plan.batch < least.plan.batch:
                self._smallest[kin] = one
            if one.throughput is not None:
                self._by_plan.setdefault(one.plan, one)
                self._rank(one)

    def _rank(self, one: Estimate) -> None:
        phase, place = one.plan.phase, one.plan.place
        if place == "cpu":
            _keep_faster(self._on_cpu, phase, one)
        elif place.startswith("gpu") and _fits(one):
            _keep_faster(self._on_gpu, phase, one)

    def of(self, plan: Plan) -> Estimate | None:
        """Find what was predicted of a plan; None where its speed was not."""
        return self._by_plan.get(plan)

    def on_cpu(self, phase: str) -> Estimate | None:
        """Return the fastest plan of a phase on the processor."""
        return self._on_cpu.get(phase)

    def on_gpu(self, phase: str) -> Estimate | None:
        """Return the fastest plan of a phase on a GPU that likely has the memory for it."""
        return self._on_gpu.get(phase)

    def smallest(self, estimate: Estimate) -> Estimate | None:
        """Return the same plan in the smallest batch."""
        return self._smallest.get(_kin(estimate))


def _keep_faster(best: dict[str, Estimate], phase: str, one: Estimate) -> None:
    other = best.get(phase)
    if other is None or one.rate > other.rate:
        best[phase] = one


def _fits(estimate: Estimate) -> bool:
    needed, there = estimate.memory_bytes, estimate.memory_available
    return needed is None or there is None or needed.likely <= there


def _kin(estimate: Estimate) -> _Kin:
    plan = estimate.plan
    return plan.phase, plan.place, plan.dtype, plan.settings
