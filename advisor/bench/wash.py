"""Leaves nothing of a call in a processor's caches, as a network's other layers do."""

from typing import Any

from advisor.bench.site import host_memory, last_level_cache
from advisor.machine import Machine

# Caches do not always drop what was used longest ago first: read twice what they hold.
_TIMES = 2
# The last level of a processor whose caches are not known: that of a server's core complex (Zen 2
# to Zen 5, 32 MiB), larger than most desktops'.
_USUAL = 32 * 2**20
# What is read is faulted in once, and read twice for each point. Beside the largest caches it is
# less: a network's own tensors rarely displace more.
_MOST = 2**27
_SHARE = 1 / 8
# A call that takes longer than this goes through the caches itself, or computes on what it fetched
# for so long that fetching it is some per cent: no wash goes before it.
SHORT = 0.01
# Two of a point's three rounds wash 128 MiB, at 20 GB/s in 6 ms: what that is a round.
WASHING_SECONDS = 0.004


def wash_bytes(machine: Machine) -> int:
    """Return how many bytes to read, 128 MiB and an eighth of what benchmarks may take at most."""
    wanted = _TIMES * (last_level_cache(machine) or _USUAL)
    return int(min(wanted, _MOST, (host_memory(machine) or 0) * _SHARE))


class Wash:
    """An array that all threads read, which are awake then."""

    def __init__(self, torch: Any, size: int) -> None:
        """Fault ``size`` bytes in."""
        self._array = torch.ones(max(size // 4, 1), dtype=torch.float32)

    def __call__(self, *, written: bool = False) -> None:
        """Read all of it; or write it as well, so that what comes after pays for writing it back.

        That is how training leaves caches: gradients, weights and states were all written.
        """
        if written:
            self._array.add_(1.0)
        else:
            self._array.sum()
