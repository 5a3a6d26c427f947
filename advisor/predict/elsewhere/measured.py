"""A saved profile as a device: what was measured there, and the catalogue for the rest."""

from collections.abc import Collection, Iterable

import msgspec

from advisor.errors import AdvisorError
from advisor.estimate import Basis
from advisor.measurement import Measurement, Quality
from advisor.part import Catalogue, Part, resolve
from advisor.predict.elsewhere.silicon import Figures, Silicon, silicon
from advisor.profile import Profile


def measured(
    profile: Profile, place: str | None, catalogue: Catalogue, figures: Figures
) -> tuple[Silicon, str]:
    """Return a device of a profile, and which; without ``place`` the first GPU, else the CPU.

    Raises:
        AdvisorError: there is no such device, or neither measurements nor catalogue know its rates.
    """
    place = place or _best(profile)
    known = _known(profile, place, catalogue)
    rows = [m for m in profile.measurements if m.device == place and m.quality != Quality.INVALID]
    peaks = {m.dtype: m.value for m in _named(rows, "matmul.peak") if m.dtype}
    copies = [m.value for m in _named(rows, "memory.triad") or _named(rows, "memory.copy")]
    if known is None and not (peaks and copies):
        raise AdvisorError(
            f"predict for {place} of the profile",
            "nothing was measured on it, and no catalogue part has its name",
            remedy="mlinfra bench there, and save the profile again",
        )
    host = place == "cpu"
    base = silicon(known, figures) if known else _bare(place, peaks, copies[0], host=host)
    # Constants are shares of a peak that no product reaches; measured rates are what one reached.
    share = figures["cpu.gemm"] if host else max(_tiles(figures))
    wide = figures["cpu.bandwidth"] if host else figures["moved.bandwidth"]
    rates = base.rates | {dtype: rate / share for dtype, rate in peaks.items()}
    found = msgspec.structs.replace(
        base,
        name=f"{base.name} of the profile of {profile.taken}" if rows else base.name,
        rates=rates,
        vector=rates.get("fp32", base.vector),
        bandwidth=copies[0] / wide if copies else base.bandwidth,
        sustain=(1.0, 1.0) if peaks else base.sustain,
        level=(1.0, 1.0) if peaks else base.level,
        reduced=reduced(profile, {place}),
    )
    return found, f"{place}: {len(rows)} measurements of {profile.taken}"


def reduced(profile: Profile, places: Collection[str]) -> Basis | None:
    """Return the all-reduce that was measured over some GPUs: over them alone, else over more."""
    wanted = set(places)
    found = [
        (len(devices), row)
        for row in _named(profile.measurements, "peer.allreduce")
        if row.quality != Quality.INVALID
        and wanted <= (devices := set(row.device.removeprefix("peer:").split("+")))
    ]
    if not found:
        return None
    _, row = min(found, key=lambda one: one[0])
    source = f"{row.name} on {row.device}" + (f", {row.taken}" if row.taken else "")
    return Basis(
        fact="peer.allreduce", value=row.value, low=row.low, high=row.high, origin="measured",
        source=source,
    )  # fmt: skip


def _tiles(figures: Figures) -> Iterable[float]:
    return (v for k, v in figures.items() if k.startswith("gemm.matrix16.tile."))


def _best(profile: Profile) -> str:
    ids = [d.id for d in profile.machine.devices if d.id.startswith("gpu:")]
    return ids[0] if ids else "cpu"


def _named(rows: Iterable[Measurement], name: str) -> list[Measurement]:
    return [row for row in rows if row.name == name]


def _known(profile: Profile, place: str, catalogue: Catalogue) -> Part | None:
    if place == "cpu":
        name, memory = profile.machine.cpu.model, None
    else:
        device = next((d for d in profile.machine.devices if d.id == place), None)
        if device is None:
            listed = ", ".join(["cpu", *(d.id for d in profile.machine.devices)])
            raise AdvisorError(f"find {place} in the profile", "it is not there", remedy=listed)
        name, memory = device.name, device.memory_bytes
    try:
        return resolve(catalogue, name or "", memory).part
    except AdvisorError:
        return None


def _bare(place: str, peaks: dict[str, float], bandwidth: float, *, host: bool) -> Silicon:
    return Silicon(
        name=place,
        kind="cpu" if host else "gpu",
        vendor="",
        architecture="",
        grade="",
        rates=peaks,
        vector=peaks.get("fp32", max(peaks.values())),
        bandwidth=bandwidth,
    )
