"""Look at the machine, and lay what was measured on it before beside each part."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from advisor import __version__, book, store
from advisor.errors import AdvisorError, Where
from advisor.machine import Gap, Machine
from advisor.measurement import Measurement
from advisor.pipeline.saved import read_profile
from advisor.profile import Profile

if TYPE_CHECKING:  # who asks of a saved profile waits for neither room
    from advisor import probe as room
    from advisor.bench import Progress


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """How to look, and who hears what is no result; ``profile`` answers about a saved machine.

    ``replay`` looks at a recorded machine; ``capture`` is where to record this one; ``report``
    hears how far it is where this look is followed by timing.
    """

    root: Path | None = None
    replay: Path | None = None
    capture: Path | None = None
    profile: Path | None = None
    timeout: float = 15.0
    say: Callable[[str], None] = lambda _line: None
    report: Callable[["Progress"], None] = lambda _progress: None

    @property
    def live(self) -> bool:
        """Whether this very machine is looked at."""
        return self.root is None and self.profile is None and self.replay is None


def probe(options: Look) -> Profile:
    """Look at a machine: this one, a captured tree, a recorded look or a saved profile.

    Raises:
        AdvisorError: the tree, the capture or the profile cannot be read.
    """
    return read_profile(options.profile) if options.profile else observe(options)[0]


Evidence = tuple[tuple[str, str], ...]


def observe(options: Look, *, evidence: bool = False) -> tuple[Profile, Evidence]:
    """Look, and return what was read as well, redacted, where ``evidence`` is asked for.

    Raises:
        AdvisorError: the tree or the capture cannot be read, or the capture not be written.
    """
    from advisor import probe as room

    source = _source(options)
    taken = source.process("taken") or now()
    machine = room.look(
        source, directory=Path.cwd(), timeout=options.timeout, tables=book.compatibility
    )
    known: tuple[Measurement, ...] = ()
    gaps: tuple[Gap, ...] = ()
    if options.live:
        name = store.key(room.identity(source), machine)
        known, gaps = attached(stored(name, options), machine)
    if options.capture:
        store.write_whole(options.capture, room.capture(source), "write the capture")
    machine = msgspec.structs.replace(machine, gaps=(*machine.gaps, *gaps))
    profile = Profile(tool=__version__, taken=str(taken), machine=machine, measurements=known)
    return profile, room.evidence(source) if evidence else ()


def _source(options: Look) -> "room.Source":
    from advisor import probe as room

    if options.replay:
        return room.replay(options.replay)
    return room.tree(_folder(options.root)) if options.root else room.live()


def read_any(path: Path) -> Profile:
    """Read a saved profile, or look at a capture.

    Raises:
        AdvisorError: it is neither.
    """
    start = path.read_bytes()[:200] if path.is_file() else b""
    recorded = b'"mlinfra/capture/' in start
    return probe(Look(replay=path)) if recorded else read_profile(path)


def _folder(root: Path) -> Path:
    if root.is_dir():
        return root
    raise AdvisorError(
        "look at a captured tree",
        "it is no folder",
        where=Where(str(root)),
        remedy="name the folder that holds proc or sys",
    )


def see(options: Look) -> tuple[Machine, str]:
    """Look at this very machine; return it with the key that its measurements are kept under."""
    from advisor import probe as room

    source = room.live()
    machine = room.look(
        source, directory=Path.cwd(), timeout=options.timeout, tables=book.compatibility
    )
    return machine, store.key(room.identity(source), machine)


def host() -> str | None:
    """Return the identity of this very host; None where nothing tells it."""
    from advisor import probe as room

    return room.identity(room.live())


def now() -> str:
    """Return the time as profiles carry it: UTC in ISO 8601, whole seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def stored(name: str, options: Look) -> tuple[Measurement, ...]:
    """Return what was measured before; a damaged file is said in a line, and counts as nothing."""
    try:
        return store.load(name)
    except AdvisorError as error:
        options.say(str(error))
        return ()


def attached(
    stored: tuple[Measurement, ...], machine: Machine
) -> tuple[tuple[Measurement, ...], tuple[Gap, ...]]:
    """Give each stored number back to its device, found by UUID or PCI address, never by index."""
    ids = {h: d.id for d in machine.devices for h in (d.uuid, d.pci_address) if h}
    found = tuple(
        msgspec.structs.replace(m, device=_moved(m.device, ids[m.hardware])) if m.hardware else m
        for m in stored
        if m.hardware is None or m.hardware in ids
    )
    lost = sorted({m.device for m in stored if m.hardware and m.hardware not in ids})
    why = "measured before on a device that is not here now"
    return found, tuple(Gap(f"measurements.{d}", why, "mlinfra bench") for d in lost)


def _moved(stored: str, device: str) -> str:
    """Name a device, or the link to it, by what the device is called now."""
    return f"link:{device}" if stored.startswith("link:") else device
