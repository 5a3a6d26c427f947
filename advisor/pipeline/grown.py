"""What one more GPU of the kind that trains best now would gain: "it saves 9 h a run"."""

from collections.abc import Sequence

import msgspec

from advisor.advice import Decision
from advisor.estimate import Estimate, Interval
from advisor.machine import gpus
from advisor.part import Part
from advisor.pipeline.cases import closed_to_cards
from advisor.pipeline.edited import Own, place_of
from advisor.pipeline.folders import layered
from advisor.pipeline.kept import constants
from advisor.pipeline.places import Around, Site, plans
from advisor.pipeline.recommend import Ground, Question
from advisor.predict import ratio
from advisor.predict.elsewhere.silicon import silicon
from advisor.workload import Workload


def with_one_more(
    training: Decision,
    workload: Workload,
    question: Question,
    known: Ground,
    found: Sequence[Estimate],
) -> Decision:
    """Return the decision with what one more of its GPU would gain, where it is for one."""
    chosen = training.chosen
    part = (known.parts or {}).get(chosen.plan.place) if chosen else None
    if chosen is None or part is None or not chosen.job_seconds:
        return training
    figures = constants("elsewhere", layered(question.rules)).figures
    one = msgspec.structs.replace(workload, batches=(chosen.plan.batch,))
    around = Around(one, ("training",), known.profile, figures, known.constants, {})
    gain = one_more(chosen, found, around, part)
    return msgspec.structs.replace(training, one_more=gain)


def one_more(
    chosen: Estimate, found: Sequence[Estimate], known: Around, part: Part
) -> Interval | None:
    """Return what a plan on the only GPU of its kind gains from one more like it; None elsewhere.

    It is told of the plan without its settings, which both would have.
    """
    plan = msgspec.structs.replace(chosen.plan, compiled=False, checkpointed=False)
    base = next((e for e in found if e.plan == plan and e.throughput), None)
    machine = known.profile.machine
    mine = [gpu for gpu in gpus(machine, slices=False) if gpu.id == plan.place]
    if base is None or not mine or mine[0].unified_memory or closed_to_cards(machine):
        return None
    if sum(gpu.name == mine[0].name for gpu in gpus(machine)) > 1:
        return None
    if part.form != "pcie":
        return None
    own = Own((base,), silicon(part, known.figures))
    room = mine[0].memory_free_bytes or mine[0].memory_bytes
    pair = Site(place_of([plan.place, "gpu:+"]), 2, room, own, dtype=plan.dtype)
    two = next(iter(plans(part, pair, known)), None)
    return ratio(two, base) if two else None
