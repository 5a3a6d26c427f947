"""AMD's compute driver in sysfs: its nodes (CPUs, GPUs, partitions of GPUs), memory and links.

Kernel: drivers/gpu/drm/amd/amdkfd/kfd_topology.c, kfd_crat.h.
"""

import msgspec

from advisor.probe.source import Source

NODES = "/sys/class/kfd/kfd/topology/nodes"
LINKS = 256
_LOCAL_HEAPS = {1, 2}  # HSA_MEM_HEAP_TYPE_FB_PUBLIC and _PRIVATE: the GPU's own memory
_XGMI = 11  # CRAT_IOLINK_TYPE_XGMI
MB = 1_000_000


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """One GPU node: a whole card, a die or a partition; ``address`` is its PCI function."""

    number: int
    address: str
    vendor: int
    device: int
    architecture: str | None
    compute_units: int | None
    unique: int
    memory_bytes: int | None
    memory_clock_hz: float | None
    memory_bus_bits: int | None
    clock_max_hz: float | None
    integrated: bool

    @property
    def card(self) -> str:
        """What partitions of one card share: bus and device, whatever the function."""
        return self.address.rpartition(".")[0]


class XgmiLink(msgspec.Struct, frozen=True):
    """An xGMI link from a node to another, with its rate in one direction."""

    other: int
    bytes_per_second: float | None


def nodes(source: Source) -> tuple[Node, ...] | None:
    """Return the GPU nodes in the driver's order; None where the driver shows no topology."""
    numbers = source.numbered(NODES, "")
    if not numbers:
        return None
    found = (_node(source, number) for number in numbers)
    return tuple(node for node in found if node)


def _node(source: Source, number: int) -> Node | None:
    facts = properties(source, f"{NODES}/{number}/properties")
    if not facts.get("simd_count") or "location_id" not in facts:
        return None
    banks = _banks(source, number)
    sizes = [bank.get("size_in_bytes", 0) for bank in banks]
    first = banks[0] if banks else {}
    per_unit = facts.get("simd_per_cu")
    return Node(
        number=number,
        address=_address(facts),
        vendor=facts.get("vendor_id", 0),
        device=facts.get("device_id", 0),
        architecture=_architecture(facts.get("gfx_target_version", 0)),
        compute_units=facts["simd_count"] // per_unit if per_unit else None,
        unique=facts.get("unique_id", 0),
        memory_bytes=sum(sizes) or facts.get("local_mem_size") or None,
        memory_clock_hz=first["mem_clk_max"] * 1e6 if first.get("mem_clk_max") else None,
        memory_bus_bits=first.get("width") or None,
        clock_max_hz=facts["max_engine_clk_fcompute"] * 1e6
        if facts.get("max_engine_clk_fcompute")
        else None,
        integrated=facts.get("cpu_cores_count", 0) > 0,
    )


def properties(source: Source, path: str) -> dict[str, int]:
    """Read a file of ``name number`` lines."""
    found = {}
    for line in (source.text(path) or "").splitlines():
        name, _, value = line.partition(" ")
        if value.isascii() and value.isdigit() and len(value) <= 20:
            found[name] = int(value)
    return found


def _banks(source: Source, number: int) -> list[dict[str, int]]:
    place = f"{NODES}/{number}/mem_banks"
    banks = [
        properties(source, f"{place}/{n}/properties") for n in source.numbered(place, "")[:LINKS]
    ]
    return [bank for bank in banks if bank.get("heap_type") in _LOCAL_HEAPS]


def _address(facts: dict[str, int]) -> str:
    # location_id is bus << 8 | device << 3 | function.
    place = facts["location_id"]
    bus, device, function = place >> 8 & 0xFF, place >> 3 & 0x1F, place & 7
    return f"{facts.get('domain', 0):04x}:{bus:02x}:{device:02x}.{function}"


def _architecture(version: int) -> str | None:
    # gfx_target_version is major x 10000 + minor x 100 + step, and the step is written in hex.
    if not version:
        return None
    return f"gfx{version // 10000}{version // 100 % 100}{version % 100:x}"


def xgmi(source: Source, node: Node) -> tuple[XgmiLink, ...]:
    """Return a node's xGMI links."""
    place = f"{NODES}/{node.number}/io_links"
    found = (
        properties(source, f"{place}/{n}/properties") for n in source.numbered(place, "")[:LINKS]
    )
    return tuple(
        # The kernel gives MB/s; 0 is "not told" of old kernels.
        XgmiLink(f["node_to"], f.get("max_bandwidth", 0) * MB or None)
        for f in found
        if f.get("type") == _XGMI and "node_to" in f
    )
