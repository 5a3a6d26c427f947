"""Decisions and verdicts, laid out as the report that is printed."""

import hashlib
import math
from collections.abc import Iterable, Mapping

import msgspec

from advisor import __version__
from advisor.advice import Decision, Rejected, Tie, Truth, Verdict
from advisor.estimate import FLAT, Basis, Estimate, Interval
from advisor.fact import Fact
from advisor.machine import State
from advisor.pipeline.disturbed import disturbed
from advisor.pipeline.settling import decider
from advisor.profile import Profile
from advisor.report import (
    Answer,
    FindingLine,
    OpenLine,
    PlanLine,
    Recommendation,
    RejectedLine,
    TieLine,
)
from advisor.rule import Effect, Severity
from advisor.workload import Workload


def recommendation(
    profile: Profile,
    workload: Workload,
    decisions: Mapping[str, Decision],
    verdicts: tuple[Verdict, ...],
) -> Recommendation:
    """Lay out the whole answer; of what rules say of plans, only what is said of chosen ones.

    Where every plan was ruled out, what is said of the one that needs the least memory is heard.
    """
    spoken = {plan for d in decisions.values() if (plan := _spoken_of(d))}
    others = {v.subject for v in verdicts if v.subject.startswith(tuple(decisions))} - spoken
    heard = [v for v in verdicts if v.effect is Effect.ADVISE and v.subject not in others]
    heard.sort(key=lambda v: (*_weight(v, decisions), not v.subject.startswith(tuple(decisions))))
    fires = [v for v in heard if v.truth is Truth.FIRES]
    return Recommendation(
        tool=__version__,
        profile=digest(profile),
        taken=profile.taken,
        machine=profile.machine,
        measurements=profile.measurements,
        workload=workload.name,
        title=workload.title,
        plans={phase: _answer(d, workload) for phase, d in decisions.items()},
        fixes=tuple(_finding(v, decisions) for v in fires if v.fix),
        findings=tuple(_finding(v, decisions) for v in fires if not v.fix),
        open=tuple(_open(v) for v in heard if v.truth is Truth.UNKNOWN and not _blind(v, profile)),
        verdicts=verdicts,
        disturbed=tuple(disturbed(profile.measurements, sorted(_devices(decisions)))),
        notes=workload.graph.notes if workload.graph else (),
    )


def _devices(decisions: Mapping[str, Decision]) -> set[str]:
    """Name the devices that chosen plans run on."""
    chosen = (decision.chosen for decision in decisions.values())
    return {device for found in chosen if found for device in found.plan.devices}


def _spoken_of(decision: Decision) -> str | None:
    """Name the plan that advice is about."""
    told = decision.chosen or _leanest(decision)
    return told.plan.id if told else None


def _leanest(decision: Decision) -> Estimate | None:
    """Return the plan that needs the least memory of all that were ruled out."""
    return min((lost.estimate for lost in decision.rejected), key=_needs, default=None)


def laid_out(decision: Decision) -> tuple[Estimate, ...]:
    """Return the plans that stand for all others; there are some wherever there are plans.

    They are the best at each place, of those that stand, were ruled out or could not be predicted,
    the runner-up, what waits for a fix, and the leanest of those that were ruled out.
    """
    lost = [rejected.estimate for rejected in reversed(decision.rejected)]
    first = {(e.plan.place, e.plan.device): e for e in lost}
    mended = decision.mended.estimate if decision.mended else None
    some = [one for one in (decision.runner_up, mended, _leanest(decision)) if one]
    return (*decision.places, *decision.unpredicted, *first.values(), *some)


def _blind(verdict: Verdict, profile: Profile) -> bool:
    """Whether it only asks of devices behind a broken one, of which a finding tells already."""
    broken = any(device.state is State.BROKEN for device in profile.machine.devices)
    return broken and verdict.subject.endswith(":?")


def _weight(verdict: Verdict, decisions: Mapping[str, Decision]) -> tuple[int, float]:
    """Rank the most severe first, and of those the one that gains most."""
    return list(Severity).index(verdict.severity), -_gain(verdict, decisions)


def _gain(verdict: Verdict, decisions: Mapping[str, Decision]) -> float:
    """Return the factor of speed that a verdict tells of; 1 where it tells of none."""
    told = (f.value for f in verdict.told if f.name.startswith("plan.") and "_gain" in f.name)
    gains = [gain for gain in told if isinstance(gain, float)]
    gains += [gain.likely for gain in _mended(verdict, decisions).values() if gain]
    return max(gains, default=1.0)


def _mended(verdict: Verdict, decisions: Mapping[str, Decision]) -> dict[str, Interval | None]:
    """Return what mending what a verdict speaks of gains the chosen plans there, by phase."""
    if not verdict.gain or verdict.truth is not Truth.FIRES:
        return {}
    chosen = {phase: d.chosen for phase, d in decisions.items() if d.chosen}
    device = "" if verdict.subject == "machine" else verdict.subject
    return {
        phase: estimate.gains.get(verdict.gain)
        for phase, estimate in chosen.items()
        if not device or device in {estimate.plan.id, *estimate.plan.devices}
    }


def _needs(estimate: Estimate) -> float:
    return estimate.memory_bytes.likely if estimate.memory_bytes else math.inf


def digest(profile: Profile) -> str:
    """Name a profile by its content, so that a verdict can be traced to what it rests on."""
    content = msgspec.json.encode(profile, order="deterministic")
    return hashlib.sha256(content).hexdigest()[:16]


def _answer(decision: Decision, workload: Workload) -> Answer:
    return Answer(
        chosen=_line(decision.chosen, workload),
        runner_up=_line(decision.runner_up, workload),
        faster=Interval(*decision.ratio, "1") if decision.ratio else None,
        tied=decision.tied,
        settles=_settles(decision, workload),
        why_none=decision.why_none,
        rejected=tuple(_rejected(r, workload) for r in decision.rejected),
        preferred=decision.preferred,
        doubts=tuple(_open(verdict) for verdict in decision.doubts),
        places=tuple(plan_line(estimate, workload) for estimate in decision.places),
        ties=tuple(map(_tie, decision.ties)),
        ties_settle=_among(decision, workload),
        unpredicted=tuple(plan_line(estimate, workload) for estimate in decision.unpredicted),
        mended=_rejected(decision.mended, workload) if decision.mended else None,
        one_more=decision.one_more,
    )


def _settles(decision: Decision, workload: Workload) -> str | None:
    """Name what would decide between the chosen plan and its runner-up, where they are tied."""
    if not (decision.tied and decision.chosen and decision.runner_up) or decision.settles:
        return decision.settles
    return decider(workload, decision.chosen, [decision.runner_up])


def _among(decision: Decision, workload: Workload) -> str:
    """Name what would decide among what is likely as good as the chosen plan, or better."""
    tied = [tie.estimate for tie in decision.ties if tie.faster[1] <= FLAT]
    return decider(workload, decision.chosen, tied) if decision.chosen and tied else ""


def _tie(tie: Tie) -> TieLine:
    plan = tie.estimate.plan
    return TieLine(
        id=plan.id, by=tie.by, precision=plan.precision, batch=plan.batch,
        settings=plan.settings, faster=Interval(*tie.faster, "1"),
    )  # fmt: skip


def _rejected(lost: Rejected, workload: Workload) -> RejectedLine:
    plan = plan_line(lost.estimate, workload)
    return RejectedLine(plan, lost.rule, lost.because, _basis(lost.told), lost.fix)


def _line(estimate: Estimate | None, workload: Workload) -> PlanLine | None:
    return plan_line(estimate, workload) if estimate else None


def plan_line(estimate: Estimate, workload: Workload) -> PlanLine:
    """Lay out one plan."""
    plan = estimate.plan
    return PlanLine(
        id=plan.id,
        place=plan.place,
        dtype=plan.dtype,
        batch=plan.batch,
        device=plan.device,
        compiled=plan.compiled,
        checkpointed=plan.checkpointed,
        weights=plan.precision,
        settings=plan.settings,
        throughput=estimate.throughput,
        seconds=estimate.seconds.likely if estimate.seconds else None,
        seconds_range=estimate.seconds,
        memory_bytes=estimate.memory_bytes.likely if estimate.memory_bytes else None,
        memory_range=estimate.memory_bytes,
        memory_available=estimate.memory_available,
        memory_idle=estimate.memory_idle,
        memory_parts=dict(estimate.memory_parts),
        bound=estimate.bound,
        job=workload.job.title if workload.job and estimate.job_seconds else None,
        job_seconds=estimate.job_seconds,
        basis=estimate.basis,
        unpredicted=estimate.unpredicted,
        settles=estimate.settles,
        latency=estimate.service.latency,
        streams=estimate.service.streams,
        power_watts=estimate.service.power_watts,
        upload_seconds=estimate.service.upload_seconds,
        cost=estimate.service.cost,
        untold=dict(estimate.service.untold),
    )


def _finding(verdict: Verdict, decisions: Mapping[str, Decision]) -> FindingLine:
    return FindingLine(
        rule=verdict.rule,
        subject=verdict.subject,
        severity=verdict.severity,
        title=verdict.title,
        advice=verdict.advice,
        because=verdict.because,
        basis=_basis(verdict.told),
        gains=_mended(verdict, decisions),
    )


def _basis(facts: Iterable[Fact]) -> tuple[Basis, ...]:
    """Lay out what texts name; what is not known has no number to be found."""
    return tuple(
        Basis(
            fact=f.name,
            value=f.value,
            low=f.low,
            high=f.high,
            origin=str(f.origin),
            source=f.source,
        )
        for f in facts
        if f.value is not None
    )


def _open(verdict: Verdict) -> OpenLine:
    return OpenLine(verdict.rule, verdict.subject, verdict.title, verdict.settles, verdict.severity)
