"""What speaks is heard: advice of plans that are laid out, gates of all; no more differs."""

import pytest
from msgspec.structs import replace

from advisor.advice import Truth
from advisor.pipeline.look import Look
from advisor.pipeline.recommend import Question, recommend
from advisor.rule import Effect
from tests.tools.write_golden import FOLDER

GATES = {Effect.FORBID, Effect.PREFER}
SPEAKS = {Truth.FIRES, Truth.UNKNOWN}


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
    assert some.verdicts == tuple(v for v in everything.verdicts if v in set(some.verdicts))
    left = [v for v in everything.verdicts if v not in set(some.verdicts)]
    phases = tuple(f"{phase}/" for phase in some.plans)
    named = {plan.id for a in some.plans.values() for plan in (a.chosen, a.runner_up) if plan}
    named |= {plan.id for a in some.plans.values() for plan in (*a.places, *a.unpredicted)}
    lost = [v for v in left if v.truth in SPEAKS]
    assert all(v.effect not in GATES and v.subject.startswith(phases) for v in lost)
    assert not named & {v.subject for v in lost}
    assert all(v.truth in SPEAKS for v in some.verdicts)
    assert bool(lost) is (workload != "trees")  # which has one plan
