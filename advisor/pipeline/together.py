"""Several workloads that share one machine: each is answered for, then all are given places."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from advisor import __version__, judge
from advisor.advice import Assigned, Decision, Task
from advisor.assigned import AssignedLine, Assignment
from advisor.errors import AdvisorError
from advisor.pipeline.answer import digest, plan_line
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
    each = [msgspec.structs.replace(question, shared=True) for question in questions]
    found = {q.workload: answer(workloads[q.workload], q, known) for q in each}
    decided = {name: decisions for name, (_, decisions) in found.items()}
    tasks = {kind: _tasks(phases, decided) for kind, phases in KINDS.items()}
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


def _tasks(phases: Sequence[str], decided: Mapping[str, Mapping[str, Decision]]) -> list[Task]:
    return [
        Task(name, decisions[phase].places)
        for name, decisions in decided.items()
        for phase in phases
        if phase in decisions
    ]


def _line(one: Assigned, workloads: Mapping[str, Workload]) -> AssignedLine:
    return AssignedLine(
        workload=one.workload,
        plan=plan_line(one.estimate, workloads[one.workload]),
        beside=one.beside,
        share=1 / (1 + len(one.beside)),
        slower=one.slower,
        because=one.because,
    )
