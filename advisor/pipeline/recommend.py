"""Machine, measurements, predictions and rules become an answer."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from msgspec.structs import replace

from advisor import judge, predict
from advisor.advice import Decision, Verdict
from advisor.constants import Constants
from advisor.constraint import Constraints, asked
from advisor.errors import AdvisorError
from advisor.estimate import Estimate
from advisor.part import Part
from advisor.pipeline import kept
from advisor.pipeline.answer import recommendation
from advisor.pipeline.costs import tariff, with_costs
from advisor.pipeline.disturbed import shaken
from advisor.pipeline.folders import layered, tell_replaced
from advisor.pipeline.heard import heard
from advisor.pipeline.look import Look, probe
from advisor.pipeline.published import parts_for
from advisor.pipeline.replay import nominated, refreshed, sharpened
from advisor.pipeline.untimed import untimed, untold
from advisor.pipeline.wanted import idle, stated
from advisor.pipeline.workloads import read_workload
from advisor.profile import Profile
from advisor.purchase import Price, Tariff
from advisor.report import Recommendation
from advisor.rule import Rule
from advisor.vocabulary import Situation, declared, state
from advisor.workload import Workload

if TYPE_CHECKING:
    from advisor.pipeline.edited import Addition
    from advisor.pipeline.pretend import Setting


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: a workload, of which phases, by which rules besides the shipped ones.

    ``constraints`` is what is asked of its plans.
    ``replay`` times the best plans' own operators where this very machine is looked at; ``beyond``
    predicts places beyond it too. ``gpus`` (``2x NVIDIA L4``) and ``set`` (``memory.total=64 GiB``)
    say what is to be pretended. ``explain`` hears every rule on every plan and keeps its
    conditions, else only of what has something to say.
    ``prices`` is a file of the user's own, ``kwh`` what a kilowatt-hour costs.
    """

    workload: str
    phases: tuple[str, ...] = ("training", "fit", "inference", "prefill", "decode")
    rules: tuple[Path, ...] = ()
    look: Look = Look()
    constraints: Constraints = Constraints()
    replay: bool = False
    beyond: bool = False
    gpus: str = ""
    set: tuple[str, ...] = ()
    explain: bool = False
    prices: Path | None = None
    kwh: Price | None = None


class Ground(msgspec.Struct, frozen=True):
    """What answers about one machine rest on: its profile, the rules in force, and constants."""

    profile: Profile
    rules: tuple[Rule, ...]
    parts: dict[str, Part] | None
    constants: Constants
    settings: "tuple[Setting, ...]" = ()
    tariff: Tariff = Tariff()


def recommend(question: Question, measure: Callable[[], Profile]) -> Recommendation:
    """Answer a question; ``measure`` is called where predictions here have nothing to rest on.

    Raises:
        AdvisorError: the workload, a rule or the profile cannot be read.
    """
    workload = read(question)
    return answer(workload, question, ground(question, measure))[0]


def read(question: Question) -> Workload:
    """Read the workload as it was asked for.

    Raises:
        AdvisorError: it cannot be read, or knows none of the phases.
    """
    workload = asked(
        read_workload(question.workload, layered(question.rules)), question.constraints
    )
    if workload.llm and set(question.phases) <= {"training", "fit"}:
        # Who asks for nothing else wants the whole model trained: it is no phase of using it.
        workload = msgspec.structs.replace(workload, phases=("training",))
    if not _phases(workload, question):
        raise _no_phase(workload)
    return workload


def ground(question: Question, measure: Callable[[], Profile]) -> Ground:
    """Look at the machine, time it where nothing is known of it, and read the rules.

    Raises:
        AdvisorError: a rule or the profile cannot be read.
    """
    settings, gpus = _settings(question), _gpus(question)
    rules = kept.rules(layered(question.rules), declared())
    tell_replaced(rules, question.look.say)
    profile = probe(question.look)
    if question.look.live and untimed(profile):
        profile = measure()
    if gpus or settings:
        from advisor.pipeline.pretend import pretended

        profile = pretended(profile, gpus, settings)
    parts = parts_for(rules, profile.machine, question.rules)
    paid = tariff(question.prices, question.kwh, layered(question.rules))
    return Ground(profile, tuple(rules), parts, constants(question.rules), settings, paid)


class _Judged(NamedTuple):
    """What was predicted from a profile, what the rules say of it, and what that decides."""

    profile: Profile
    found: tuple[Estimate, ...]
    verdicts: tuple[Verdict, ...]
    decisions: dict[str, Decision]


def answer(
    workload: Workload, question: Question, known: Ground
) -> tuple[Recommendation, dict[str, Decision]]:
    """Answer for one workload, with the decisions that the answer lays out.

    Where this machine is live, the operators of the chosen plans are timed. Others may then be
    chosen, and are timed as well; the last time for all.
    """
    judged = _judged(workload, question, known, known.profile)
    for number in range(_ROUNDS if _replays(question, known.profile) else 0):
        anew = number == 0 and shaken(judged.profile)
        plans = nominated(judged.decisions.values(), workload, first=number == 0, anew=anew)
        sharpen = partial(
            sharpened, workload, phases=plans, constants=known.constants, look=question.look
        )
        sharp = refreshed(judged.profile, sharpen) if anew else sharpen(judged.profile)
        if sharp is judged.profile:
            break
        judged = _judged(workload, question, known, sharp)
    decisions = judged.decisions
    training = decisions.get("training")
    if training and training.chosen and training.chosen.plan.place in (known.parts or {}):
        from advisor.pipeline.grown import with_one_more

        one_more = with_one_more(training, workload, question, known, judged.found)
        decisions["training"] = one_more
    pretended = (*([f"its GPUs are {question.gpus}"] if question.gpus else []),
                 *(setting.text for setting in known.settings))  # fmt: skip
    report = recommendation(judged.profile, workload, decisions, judged.verdicts)
    asked = question.constraints
    silent = idle(asked, workload, decisions)
    told = replace(report, pretended=pretended, asked=stated(asked), idle=silent)
    return told, decisions


# The batches of the grid; what is chosen then; what is chosen instead.
_ROUNDS = 3


def _replays(question: Question, profile: Profile) -> bool:
    live = question.look.live and not (question.gpus or question.set)
    return question.replay and live and profile.machine.software.torch is not None


_BETTER = {"latency": predict.better, "throughput": predict.ratio, "cost": predict.cheaper}


def _judged(workload: Workload, question: Question, known: Ground, profile: Profile) -> _Judged:
    """Predict every plan, hear the rules, and decide."""
    timed = estimates(workload, profile, question, known.constants)
    found = elsewhere(workload, profile, question, known.constants, timed)
    if question.constraints.goal == "cost":
        folders = layered(question.rules)
        found = with_costs(found, known.tariff, profile.machine, known.parts, folders)
    situation = Situation(
        profile=profile,
        workload=workload,
        estimates=found,
        ratio=predict.ratio,
        parts=known.parts,
        constraints=question.constraints,
    )
    facts = state(situation)
    if known.settings:
        from advisor.pipeline.pretend import in_facts

        facts = in_facts(facts, known.settings)
    phases, better = _phases(workload, question), _BETTER[question.constraints.goal]
    verdicts, decisions = heard(
        known.rules,
        facts,
        lambda gates: judge.decide_all(phases, found, gates, better),
        explain=question.explain,
    )
    return _Judged(profile, found, verdicts, decisions)


def _phases(workload: Workload, question: Question) -> tuple[str, ...]:
    return tuple(phase for phase in question.phases if phase in workload.phases)


def constants(rules: tuple[Path, ...]) -> Constants:
    """Read the predictor's constants of each kind of device that plans run on."""
    return {k: kept.constants(k, layered(rules)) for k in ("cpu", "gpu")}


def estimates(
    workload: Workload, profile: Profile, question: Question, sets: Constants
) -> tuple[Estimate, ...]:
    """Predict every plan of the phases that are asked about."""
    phases, precision = _phases(workload, question), question.constraints.precision
    listed = predict.plans(workload, profile, sets, precision)
    return tuple(
        _served(estimate, workload, profile, question)
        for estimate in listed
        if estimate.plan.phase in phases and precision in {None, estimate.plan.precision}
    )


def _served(found: Estimate, workload: Workload, profile: Profile, question: Question) -> Estimate:
    watts = predict.power(profile.machine, found.plan.place)
    return predict.served(found, workload, question.constraints, watts)


def elsewhere(
    workload: Workload,
    profile: Profile,
    question: Question,
    sets: Constants,
    timed: tuple[Estimate, ...],
) -> tuple[Estimate, ...]:
    """Add plans at places that were not timed, as far as they are asked about, best first."""
    found = timed
    if question.beyond or untold(profile):
        from advisor.pipeline import places

        folders = layered(question.rules)
        known = places.around(workload, _phases(workload, question), profile, sets, folders)
        found = places.here(found, known)
        found += places.beyond(known) if question.beyond else ()
    unified = {device.id for device in profile.machine.devices if device.unified_memory}
    found += tuple(predict.offloaded(workload, found, unified))
    found = predict.settled(workload, found, compiled=question.constraints.compile)
    added = {id(estimate) for estimate in timed}
    served = (
        e if id(e) in added else _served(e, workload, profile, question)
        for e in found
        if question.constraints.precision in {None, e.plan.precision}
    )
    return predict.ranked(served, question.constraints.goal)


def _settings(question: Question) -> "tuple[Setting, ...]":
    if not question.set:
        return ()
    from advisor.pipeline.pretend import settings

    return settings(question.set)


def _gpus(question: Question) -> "Addition | None":
    if not question.gpus:
        return None
    from advisor.pipeline.pretend import gpus

    return gpus(question.gpus, layered(question.rules))


def _no_phase(workload: Workload) -> AdvisorError:
    return AdvisorError(
        f"recommend for {workload.name}",
        f"it knows only {' and '.join(workload.phases)}",
        remedy="leave --phase out",
    )
