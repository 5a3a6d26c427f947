"""What the whole card would bring to a plan that runs on a slice of it: no part need be bought."""

from msgspec.structs import replace

from advisor.estimate import Interval
from advisor.machine import Device
from advisor.part import Part
from advisor.pipeline.edited import Addition, Own, foreign
from advisor.pipeline.published import part_of
from advisor.pipeline.tried import Bazaar, judged
from advisor.predict.elsewhere.planned import estimates
from advisor.predict.elsewhere.silicon import Silicon, silicon
from advisor.purchase import Item, Purchase

# The whole card as a place of its own: the one that is cut cannot be used.
_WHOLE = "gpu:+"


def whole_card(bazaar: Bazaar) -> Interval | None:
    """Return how many times faster the best plan would be on the whole card.

    None where it does not run on a slice, or where figures of slice or card are not known.
    """
    now, profile = bazaar.now, bazaar.now.known.profile
    plan = now.estimate.plan if now.estimate else None
    place = plan.place if plan else ""
    devices = {device.id: device for device in profile.machine.devices}
    card, sliced, _ = place.partition("/mig:")
    part = part_of(profile.machine, card, bazaar.catalogue) if sliced else None
    mine = _piece(devices[place], part, silicon(part, bazaar.figures)) if part else None
    if plan is None or part is None or mine is None:
        return None
    own = Own(tuple(e for e in now.own if e.plan.place == place), mine)
    whole = foreign(profile, _WHOLE, Addition(part), bazaar.figures, own)
    like = replace(now.workload, batches=(plan.batch,))
    whole = replace(whole, dtype=plan.dtype)
    made = estimates(like, (now.phase,), whole, bazaar.figures, bazaar.sets["gpu"])
    return judged(bazaar, profile, Purchase(items=(Item(part),)), made).gain


def _piece(device: Device, part: Part, card: Silicon) -> Silicon | None:
    """Return the silicon of a slice: its share of the units, and its memory's of the bandwidth.

    NVIDIA's MIG user guide: bandwidth and cache are cut as the memory is. It keeps the card's name,
    for what both are mispredicted by is one error.
    """
    if not (device.compute_units and part.units and device.memory_bytes and part.memory):
        return None
    computing = device.compute_units / part.units
    memory = min(device.memory_bytes / part.memory, 1.0)
    return replace(
        card,
        rates={dtype: computing * rate for dtype, rate in card.rates.items()},
        vector=computing * card.vector,
        units=float(device.compute_units),
        bandwidth=memory * card.bandwidth,
        cache=memory * card.cache,
        memory=float(device.memory_bytes),
    )
