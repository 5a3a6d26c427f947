"""CPU time that the hypervisor gave to others, since the machine booted (kernel: proc(5), stat)."""

from advisor.probe.source import Source

PATH = "/proc/stat"
_TICKS = 8  # user, nice, system, idle, iowait, irq, softirq, steal; guests' are in user's


def look(source: Source) -> float | None:
    """Return the share of all CPU time, 0 to 1; None where nothing counts it."""
    line = (source.text(PATH) or "").partition("\n")[0].split()
    if line[:1] != ["cpu"] or len(line) <= _TICKS:
        return None
    told = [int(word) for word in line[1 : _TICKS + 1] if word.isdigit() and len(word) < 20]
    # Some sandboxes (gVisor) show zeros only.
    if len(told) < _TICKS or not sum(told):
        return None
    return told[-1] / sum(told)
