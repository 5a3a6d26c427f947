"""Where a machine stands before anything is bought: its best plan, and what is free to change."""

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from advisor import predict
from advisor.advice import Rejected, Truth, Verdict
from advisor.estimate import Estimate
from advisor.pipeline.recommend import Ground, Question, answer
from advisor.rule import Effect, Severity
from advisor.workload import Workload

# Training pays for hardware first; of a language model's two halves the one that people wait for.
_FIRST = ("training", "fit", "decode", "inference", "prefill")


class Now(msgspec.Struct, frozen=True, kw_only=True):
    """Where the machine stands: its best plan of the phase that is asked about, if any runs."""

    workload: Workload
    phase: str
    known: Ground
    estimate: Estimate | None
    why_none: str
    own: tuple[Estimate, ...]
    fixes: tuple[Verdict, ...] = ()
    settles: str = ""
    mended: Rejected | None = None
    unpredicted: tuple[Estimate, ...] = ()


def standing(workload: Workload, question: Question, known: Ground) -> Now:
    """Decide the phase that hardware is bought for, on the machine as it is."""
    phases = [p for p in _FIRST if p in workload.phases and p in question.phases]
    asked = replace(question, phases=(phases[0],))
    told, decisions = answer(workload, asked, known)
    decision = decisions[phases[0]]
    return Now(
        workload=workload, phase=phases[0], known=known, estimate=decision.chosen,
        why_none=decision.why_none or "", own=_own(workload, asked, known, decision.chosen),
        fixes=_fixes(told.verdicts, decision.chosen),
        settles=decision.settles or "", mended=decision.mended,
        unpredicted=decision.unpredicted,
    )  # fmt: skip


def _own(
    workload: Workload, asked: Question, known: Ground, chosen: Estimate | None
) -> tuple[Estimate, ...]:
    """Return what eager torch does where it runs best: other parts are predicted from it.

    All plans of a place that was timed, of another the best. Only those of one device are asked
    for: nothing is predicted from several at once, or from one that leaves layers to the CPU.
    """
    if chosen is None or chosen.plan.kind not in {"cpu", "gpu"}:
        return ()
    phase, place = chosen.plan.phase, chosen.plan.place
    listed = predict.plans(replace(workload, phases=(phase,)), known.profile, known.constants)
    timed = tuple(e for e in listed if e.plan.place == place and e.throughput and e.fits)
    if timed or not chosen.plan.compiled:
        return timed or (chosen,)
    eager = replace(asked, constraints=replace(asked.constraints, compile=False))
    places = answer(workload, eager, known)[1][phase].places
    return tuple(e for e in places if e.plan.place == place)


def _fixes(verdicts: Iterable[Verdict], chosen: Estimate | None) -> tuple[Verdict, ...]:
    """Keep what is free to change on the machine or for its best plan, each rule once."""
    mine = chosen.plan.id if chosen else ""
    fires = [v for v in verdicts if v.fix and v.truth is Truth.FIRES and v.effect is Effect.ADVISE]
    kept = [v for v in fires if v.subject == mine or not v.subject.startswith(_FIRST)]
    return tuple({v.rule: v for v in sorted(kept, key=_heavy)}.values())


def _heavy(verdict: Verdict) -> int:
    return list(Severity).index(verdict.severity)
