"""Looks at accelerators while they are timed: heat, clocks and what holds these back."""

import threading
from collections.abc import Callable, Sequence

import msgspec

from advisor.device import Device

Look = Callable[[], Sequence[Device]]
# Reasons that slow a card down beside its work; a power cap is how most cards run under full load.
_SLOWED = {
    "sw_thermal": "heat",
    "hw_thermal": "heat",
    "hw_slowdown": "its hardware's protection",
    "hw_power_brake": "its power supply",
}
# A look costs a third of a second of one processor.
EVERY_SECONDS = 2.0
_LAST_SECONDS = 5.0


class Seen(msgspec.Struct, frozen=True):
    """What one look showed of one card."""

    temperature: float | None
    clock: float | None
    reasons: tuple[str, ...]


class Cards:
    """Looks from time to time in a thread, between ``start`` and ``stop``."""

    def __init__(self, look: Look, every: float = EVERY_SECONDS) -> None:
        """Keep how to look."""
        self._look = look
        self._every = every
        self._seen: dict[str, list[Seen]] = {}
        self._asked: dict[str, int] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def start(self, *, needed: bool = True) -> None:
        """Begin to look, if there is anything to look at."""
        if needed:
            self._thread.start()

    def stop(self) -> None:
        """Look no more; a look that hangs is left behind."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(_LAST_SECONDS)

    def glance(self) -> None:
        """Look once."""
        for device in self._look():
            seen = Seen(device.temperature_celsius, device.clock_hz, device.throttle_reasons or ())
            self._seen.setdefault(device.id, []).append(seen)

    def slowed(self, device: str) -> str | None:
        """Say what slowed a card down in the looks since this was last asked of it."""
        looks = self._seen.get(device, [])
        new, self._asked[device] = looks[self._asked.get(device, 0) :], len(looks)
        causes = dict.fromkeys(_SLOWED[r] for one in new for r in one.reasons if r in _SLOWED)
        hottest = max((one.temperature for one in new if one.temperature), default=None)
        heat = f" ({hottest:.0f} °C)" if hottest else ""
        return f"{device} was slowed down by {' and '.join(causes)}{heat}" if causes else None

    def conditions(self, device: str) -> dict[str, str | int | float | bool | None]:
        """Return the hottest and the lowest clock seen so far, and what held the clock."""
        looks = self._seen.get(device, [])
        if not looks:
            return {}
        reasons = sorted({reason for one in looks for reason in one.reasons})
        return {
            "temperature_celsius": max(
                (o.temperature for o in looks if o.temperature), default=None
            ),
            "clock_hz_least": min((o.clock for o in looks if o.clock), default=None),
            "clock_held_by": ", ".join(reasons) or None,
        }

    def _watch(self) -> None:
        while not self._over.is_set():
            self.glance()
            self._over.wait(self._every)
