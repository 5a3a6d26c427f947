"""What of a machine was not timed: all of it, or places that only the catalogue can tell of."""

from advisor.machine import State, gpus
from advisor.measurement import Quality
from advisor.profile import Profile


def untimed(profile: Profile) -> bool:
    """Say whether timing this machine would give predictions something to rest on."""
    timed = {m.name for m in profile.measurements if m.quality is not Quality.INVALID}
    wanted = {"matmul.peak"} if profile.machine.software.torch else set()
    return not (wanted | {"memory.copy"}) <= timed


def untold(profile: Profile) -> bool:
    """Say whether this machine has places that only the catalogue can tell of."""
    found = gpus(profile.machine)
    if any(d.state is State.BROKEN for d in profile.machine.devices):
        return True
    timed = {m.device for m in profile.measurements if m.name == "matmul.peak"}
    return len(found) > 1 or any(gpu.id not in timed for gpu in found)
