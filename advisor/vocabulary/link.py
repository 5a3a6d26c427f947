"""Facts about links: of a device to its host, and between two devices."""

from collections.abc import Mapping

from advisor.fact import Fact, Origin
from advisor.machine import Gap, Link
from advisor.vocabulary.row import Row, fact, rows


def _between(link: Link) -> str:
    return "peers" if link.id.startswith("peer:") else "host"


LINK: tuple[Row[Link], ...] = rows(
    "link",
    Origin.PROBED,
    [
        ("link.id", "text", "link:gpu:0 to the host, peer:gpu:0+gpu:1", lambda k: k.id),
        ("link.kind", "text", "pcie, nvlink, xgmi or c2c", lambda k: k.kind),
        ("link.between", "text", "host, or peers", _between),
        ("link.count", "1", "PCIe lanes, or links beside each other", lambda k: k.count),
        ("link.generation", "1", "its generation", lambda k: k.generation),
        ("link.bandwidth", "bytes/s", "nominal, one direction", lambda k: k.bytes_per_second),
        (
            "link.distance",
            "text",
            "what lies between on PCIe: board, switch, switches, bridge, node or system",
            lambda k: k.distance,
        ),
        ("link.peer_access", "flag", "one may read the other's memory", lambda k: k.peer_access),
    ],
)


def facts(link: Link, gaps: Mapping[str, Gap]) -> dict[str, Fact]:
    """State every fact about a link."""

    def gap(row: Row[Link]) -> Gap | None:
        return gaps.get(f"{link.id}.{row.declaration.name.partition('.')[2]}")

    told = [fact(row.declaration, row.value(link), gap(row), link.id) for row in LINK]
    return {f.name: f for f in told}
