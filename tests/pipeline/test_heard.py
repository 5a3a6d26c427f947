"""Advice is heard of plans that are laid out, gates of all; nothing else of the answer differs."""

import pytest
from msgspec.structs import replace

from advisor.advice import Verdict
from advisor.pipeline.look import Look
from advisor.pipeline.recommend import Question, recommend
from advisor.rule import Effect
from tests.tools.write_golden import FOLDER

GATES = {Effect.FORBID, Effect.PREFER}


def bare(verdict: Verdict) -> Verdict:
    """The verdict without the way to it, which is kept of quiet ones only on request."""
    return replace(verdict, steps=())


@pytest.mark.parametrize(
    ("machine", "workload"),
    [("desktop", "cnn"), ("laptop", "llm-70b"), ("unknown", "llm-1b"), ("server", "trees")],
)
def test_what_nobody_asks_for_is_not_heard(machine, workload):
    asked = Question(workload=workload, look=Look(profile=FOLDER / f"{machine}.json"))
    some, everything = (
        recommend(replace(asked, explain=explain), lambda: None) for explain in (False, True)
    )
    assert replace(some, verdicts=()) == replace(everything, verdicts=())
    heard = {(verdict.rule, verdict.subject): bare(verdict) for verdict in some.verdicts}
    whole = {(verdict.rule, verdict.subject): bare(verdict) for verdict in everything.verdicts}
    assert list(heard.items()) == [(key, whole[key]) for key in whole if key in heard]
    left = [verdict for key, verdict in whole.items() if key not in heard]
    phases = tuple(f"{phase}/" for phase in some.plans)
    assert all(v.effect not in GATES and v.subject.startswith(phases) for v in left)
    named = {plan.id for a in some.plans.values() for plan in (a.chosen, a.runner_up) if plan}
    named |= {plan.id for a in some.plans.values() for plan in (*a.places, *a.unpredicted)}
    assert named <= {v.subject for v in heard.values() if v.effect is Effect.ADVISE}
    assert bool(left) is (workload != "trees")  # which has one plan
