"""NVIDIA: NVML's word joined with what PCI and the kernel driver show, by PCI address."""

from msgspec.structs import replace

from advisor.machine import Device, Gap, Software, State
from advisor.probe import gaps, pci, tegra
from advisor.probe.accelerators import Seen
from advisor.probe.ledger import ledger
from advisor.probe.nvml import evidence, reading, slices, told, unlisted
from advisor.probe.nvml.hiders import hide
from advisor.probe.nvml.links import links
from advisor.probe.nvml.told import Answers
from advisor.probe.source import Json, Source
from advisor.probe.unified import shared

NVML = "nvml"  # what a look remembers NVML's answers under
_REMEDY = "probe the machine itself, with its driver running"


def look(source: Source, *, timeout: float) -> Seen:
    """See NVIDIA's devices; NVML is asked only where something speaks for one."""
    functions = pci.functions(source)
    if source.live and evidence.found(source, functions):
        source.note(NVML, told.encode(_ask(timeout)))
    answers = told.decode(source.process(NVML))
    whole = [_placed(source, d, functions) for d in _joined(source, functions, answers)]
    if not whole:
        return _nobody(source, functions, answers)
    named = {device.id: f"gpu:{n}" for n, device in enumerate(whole)}
    devices = [replace(device, id=named[device.id]) for device in whole]
    if answers:
        devices = [part for d, old in zip(devices, named, strict=True)
                   for part in (d, *slices.devices(answers, old, d))]  # fmt: skip
    devices = [_logged(device, source.process("xids")) for device in devices]
    devices, hiders = hide(source, devices)
    ledgers = {d.id: ledger(d, _teller(answers), hiders.get(d.id, ())) for d in devices}
    by_index = {old: d for old, new in named.items() for d in devices if d.id == new}
    return Seen(
        devices=tuple(devices),
        links=links(answers, by_index) if answers else (),
        capacity=ledgers,
        gaps=tuple(gap for d in devices for gap in _gaps(d, answers)),
        software=_software(source, answers),
        unseen=_more(answers, whole),
    )


def _ask(timeout: float) -> Answers:
    from advisor.probe.nvml.conversation import Patience, talk

    return talk(Patience(total=timeout))


def _joined(
    source: Source, functions: tuple[pci.Function, ...] | None, answers: Answers | None
) -> list[Device]:
    """Return NVML's devices and the cards that it does not list, in PCI order."""
    drivers = evidence.by_driver(source)
    cards = {card.address: card for card in evidence.cards(functions)}
    for address in drivers:
        cards.setdefault(address, _bare(functions, address))
    known = [reading.device(answers, n) for n in answers.devices()] if answers else []
    rest = [a for a in cards if a not in {device.pci_address for device in known}]
    # A device that failed before it told its address is one of the cards that nobody else is.
    known = [
        replace(d, pci_address=rest.pop(0)) if d.pci_address is None and rest else d for d in known
    ]
    known = [replace(d, name=d.name or drivers.get(d.pci_address or "")) for d in known]
    known += [
        unlisted.device(
            cards[a], drivers.get(a),
            unlisted.explain(source, cards[a], answers, listed=a in drivers),
        )
        for a in rest
    ]  # fmt: skip
    return sorted(known, key=_order) or _placeholder(source, answers)


def _bare(functions: tuple[pci.Function, ...] | None, address: str) -> pci.Function:
    """Return the function that the driver names; trees may lack its ids."""
    known = (f for f in functions or () if f.address == address)
    bare = pci.Function(address, pci.DISPLAY << 8, evidence.VENDOR, None, "nvidia")
    return next((f for f in known if f.vendor == evidence.VENDOR), bare)


def _order(device: Device) -> tuple[bool, list[int]]:
    address = device.pci_address
    return (address is None, [int(p, 16) for p in (address or "0").replace(".", ":").split(":")])


def _placeholder(source: Source, answers: Answers | None) -> list[Device]:
    """Return a device that only its driver speaks for: it loads nowhere else."""
    wrong = unlisted.trouble(answers) if answers else None
    alone = evidence.loaded(source) or not unlisted.quiet(answers)
    if wrong is None or not alone:
        return []
    return [Device(id="0", vendor="NVIDIA", state=wrong.state, why=wrong.why, remedy=wrong.remedy)]


def _placed(source: Source, device: Device, functions: tuple[pci.Function, ...] | None) -> Device:
    """Add what sysfs knows: driver, NUMA node, and the slot's part of the PCIe link."""
    card = next((f for f in functions or () if f.address == device.pci_address), None)
    device = shared(source, device) if device.unified_memory else device
    if card is None:
        return device
    lanes = pci.lanes(source, card)
    own = device.pcie_width_max is None and device.pcie_generation_max is None
    device = replace(
        device,
        kernel_driver=card.driver,
        pci_id=device.pci_id or card.id,
        numa_node=pci.numa_node(source, card),
        pcie_generation_slot=lanes.slot.generation,
        pcie_width_slot=lanes.slot.width,
        pcie_generation_device=device.pcie_generation_device or lanes.device.generation,
        pcie_width_device=lanes.device.width,
    )
    if not own or device.unified_memory or lanes.device.width == 1:
        return device
    return replace(
        device,
        pcie_generation=lanes.now.generation,
        pcie_width=lanes.now.width,
        pcie_generation_max=lanes.most.generation,
        pcie_width_max=lanes.most.width,
    )


def _logged(device: Device, xids: Json) -> Device:
    """Add the driver's errors in the kernel log; none there is known only where it may be read."""
    if not isinstance(xids, dict) or device.pci_address is None:
        return device
    codes = xids.get(device.pci_address.rpartition(".")[0], [])
    told = codes if isinstance(codes, list) else []
    return replace(device, xids=tuple(code for code in told if isinstance(code, int)))


def _nobody(
    source: Source, functions: tuple[pci.Function, ...] | None, answers: Answers | None
) -> Seen:
    """Return what is to be said where no device is: a Jetson's, or why one may be unseen."""
    if device := tegra.device(source):
        return Seen(
            devices=(device,),
            capacity={device.id: ledger(device, tegra.SOURCE)},
            gaps=tuple(
                gaps.gaps(device, gaps.COMMON, "only tegrastats tells it", "run tegrastats")
            ),
        )
    wrong = unlisted.trouble(answers) if answers else None
    if wrong and functions is None:
        return Seen(unseen=f"NVIDIA: {wrong.why}", software=_software(source, answers))
    return Seen(software=_software(source, answers))


def _teller(answers: Answers | None) -> str:
    return "NVML" if answers else "PCI"


def _more(answers: Answers | None, devices: list[Device]) -> str | None:
    """Say why there may be more devices than were seen; another driver's are none of NVML's."""
    wrong = unlisted.trouble(answers) if answers else None
    if wrong is None or all(d.kernel_driver not in {None, "nvidia"} for d in devices):
        return None
    return f"NVIDIA: {wrong.why}"


def _gaps(device: Device, answers: Answers | None) -> list[Gap]:
    trouble = device.why if device.state is not State.HIDDEN else None
    why = trouble or ("NVML does not tell it" if answers else "only NVML tells it")
    remedy = (device.remedy if trouble else None) or _REMEDY
    # Of a device that answers, what else is missing is what its kind does not have.
    fields = gaps.ESSENTIAL if answers and not trouble else gaps.NVIDIA
    return [
        *gaps.gaps(device, fields, why, remedy),
        *gaps.gaps(device, ("xids",), "the kernel log may not be read here", "sudo dmesg"),
    ]


def _software(source: Source, answers: Answers | None) -> Software:
    version = answers.number("-", "nvmlSystemGetCudaDriverVersion_v2") if answers else None
    told_driver = answers.text("-", "nvmlSystemGetDriverVersion") if answers else None
    return Software(
        driver=told_driver or evidence.driver(source),
        # NVML API Reference: the version is 1000 x major + 10 x minor.
        cuda_driver=f"{version // 1000}.{version % 1000 // 10}" if version else None,
    )
