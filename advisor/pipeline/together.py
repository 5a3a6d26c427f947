"""Several workloads that share one machine: each is answered for, then all are given places."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from advisor import __version__, judge
from advisor.advice import Assigned, Decision, Task
from advisor.alike import Piece, alike, pieces, room
from advisor.assigned import AssignedLine, Assignment
from advisor.errors import AdvisorError
from advisor.estimate import Estimate
from advisor.machine import gpus
from advisor.pipeline.answer import digest, plan_line
from advisor.pipeline.edited import place_of
from advisor.pipeline.recommend import Question, answer, ground, read
from advisor.profile import Profile
from advisor.workload import Workload

# What is assigned at a time, and the phase that speaks for it: prefill runs where decode does.
KINDS = {"training": ("training", "fit"), "inference": ("inference", "decode")}


def recommend_all(questions: Sequence[Question], measure: Callable[[], Profile]) -> Assignment:
    """Answer several questions about one machine, and say which workload runs where.

    Raises:
        AdvisorError: a workload, a rule or the profile cannot be read, or a workload comes twice.
    """
    workloads = {question.workload: read(question) for question in questions}
    if len(workloads) < len(questions):
        raise AdvisorError("recommend for several workloads", "one is named twice")
    known = ground(questions[0], measure)
    found = {q.workload: answer(workloads[q.workload], q, known) for q in questions}
    twins = _twins(known.profile)
    decided = {name: decisions for name, (_, decisions) in found.items()}
    tasks = {kind: _tasks(phases, decided, twins) for kind, phases in KINDS.items()}
    return Assignment(
        tool=__version__,
        profile=digest(known.profile),
        taken=known.profile.taken,
        assigned={
            kind: tuple(_line(one, workloads) for one in judge.assign(listed))
            for kind, listed in tasks.items()
            if listed
        },
        unplaced={
            kind: tuple(task.workload for task in listed if not task.choices)
            for kind, listed in tasks.items()
        },
        answers=tuple(report for report, _ in found.values()),
    )


def _twins(profile: Profile) -> dict[str, tuple[Piece, ...]]:
    """Return the places that stand for others, each with all that it stands for, itself first."""
    alone = (tuple((gpu,) for gpu in kind) for kind in alike(gpus(profile.machine), profile))
    return {_place(same[0]): same for same in (*alone, *pieces(profile))}


def _place(piece: Piece) -> str:
    return place_of([gpu.id for gpu in piece])


def _tasks(
    phases: Sequence[str],
    decided: Mapping[str, Mapping[str, Decision]],
    twins: Mapping[str, tuple[Piece, ...]],
) -> list[Task]:
    return [
        Task(name, tuple(tuple(_spread(found, twins)) for found in decisions[phase].places))
        for name, decisions in decided.items()
        for phase in phases
        if phase in decisions
    ]


def _spread(found: Estimate, twins: Mapping[str, tuple[Piece, ...]]) -> Iterator[Estimate]:
    """Give a plan, and what it is at places like its own where its memory is free, too."""
    yield found
    sort, _, numbers = found.plan.place.partition(":")
    mine, *others = twins.get(f"gpu:{numbers}", ((),))
    for other in others:
        place = f"{sort}:{_place(other).partition(':')[2]}"
        there = found.memory_available
        free = there * room(other) / room(mine) if there and room(mine) else there
        plan = replace(found.plan, place=place)
        moved = replace(found, plan=plan, memory_available=free)
        if moved.fits or not found.fits:
            yield moved


def _line(one: Assigned, workloads: Mapping[str, Workload]) -> AssignedLine:
    return AssignedLine(
        workload=one.workload,
        plan=plan_line(one.estimate, workloads[one.workload]),
        beside=one.beside,
        share=1 / one.turns,
        slower=one.slower,
        because=one.because,
    )
