"""What NVML told, and where it fell silent: plain data that can be recorded and replayed."""

from collections.abc import Iterable

import msgspec

Told = dict[str, dict[str, object]]

SECONDS = "seconds"  # what waking a device took
INIT = "nvmlInit"
WAKE = "nvmlDeviceGetHandleByIndex"


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """NVML's answers by subject ("-" the system, "0", "0/1", "0-1") and call.

    ``ended`` says how the conversation ended: done, silent (a call never came back), time (over
    while answers still came), died (the process asking ended early), none (it could not start).
    ``waiting`` has the call of each subject that was still waiting for its answer then.
    """

    ended: str
    values: Told = {}
    errors: dict[str, dict[str, int]] = {}
    waiting: dict[str, str] = {}

    def value(self, subject: str, *calls: str) -> object:
        """Return the first of these calls' answers; None where none answered."""
        told = self.values.get(subject, {})
        return next((told[call] for call in calls if told.get(call) is not None), None)

    def error(self, subject: str, call: str) -> int | None:
        """Return the code that a call failed with."""
        return self.errors.get(subject, {}).get(call)

    def number(self, subject: str, *calls: str) -> int | None:
        """Return a call's answer if it is a whole number."""
        value = self.value(subject, *calls)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def text(self, subject: str, call: str) -> str | None:
        """Return a call's answer if it is text, without control characters."""
        value = self.value(subject, call)
        if not isinstance(value, str):
            return None
        return "".join(c for c in value if c.isprintable()).strip()[:200] or None

    def part(self, subject: str, call: str, field: str) -> int | None:
        """Return a number out of an answer that has parts."""
        value = self.value(subject, call)
        part = value.get(field) if isinstance(value, dict) else None
        return part if isinstance(part, int) else None

    def items(self, subject: str, call: str) -> list[object] | None:
        """Return a call's answer if it is a list."""
        value = self.value(subject, call)
        return value if isinstance(value, list) else None

    def devices(self) -> list[str]:
        """Return the whole devices that were asked or should have been, by NVML's index."""
        known = {s for s in (*self.values, *self.errors, *self.waiting) if s.isdigit()}
        count = self.number("-", "nvmlDeviceGetCount") or 0
        return sorted(known | {str(n) for n in range(min(count, 128))}, key=int)

    def slices(self, device: str) -> list[str]:
        """Return the MIG slices of a device that exist."""
        known = (s for s in self.values if s.startswith(f"{device}/"))
        return sorted(known, key=lambda s: int(s.partition("/")[2]))


def gather(lines: Iterable[list[object]], ended: str) -> Answers:
    """Sort the lines of a conversation into answers; a line of another shape is passed over."""
    values: Told = {}
    errors: dict[str, dict[str, int]] = {}
    waiting: dict[str, str] = {}
    for line in lines:
        match line:
            case ["ask", str(subject), str(call)]:
                waiting[subject] = call
            case ["got", str(subject), str(call), value]:
                values.setdefault(subject, {})[call] = value
                waiting.pop(subject, None)
            case ["err", str(subject), str(call), int(code)]:
                errors.setdefault(subject, {})[call] = code
                waiting.pop(subject, None)
    return Answers(ended=ended, values=values, errors=errors, waiting=waiting)


def encode(answers: Answers) -> str:
    """Write answers as the text that a look remembers."""
    return msgspec.json.encode(answers).decode()


def decode(text: object) -> Answers | None:
    """Read what `encode` wrote; None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        return msgspec.json.decode(text, type=Answers)
    except msgspec.DecodeError:
        return None
