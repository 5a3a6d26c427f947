import msgspec
import pytest

from advisor.bench.messages import Found, Survey
from advisor.bench.site import survey_site
from advisor.bench.threads import Threads
from advisor.machine import Cache, Cpu, Device, Disk, Limit, Machine, Memory

CPU = Found(kind="cpu", torch="cpu", dtypes=("fp32",))
GPU = Found(
    kind="cuda", torch="cuda:0", dtypes=("fp16",), uuid="abc", free_bytes=1000, cache_bytes=7
)
MIB = 2**20
MACHINE = Machine(
    cpu=Cpu(l3_bytes=32),
    memory=Memory(available_bytes=400),
    disks=(Disk("disk:0", "/data", free_bytes=9),),
)


def site(machine=MACHINE, found=(CPU,), busy_too=False):
    survey = Survey(torch="2.13", found=found)
    return survey_site(machine, survey, Threads(2, "cores"), busy_too=busy_too)


def test_half_of_free_memory_within_the_ledger():
    place = site()[0].places[0]
    assert (place.device, place.torch, place.memory_bytes, place.cache_bytes) == (
        *("cpu", "cpu"),
        *(200, 32),
    )
    ledger = {"memory": (Limit("cgroup", 100.0, "memory.max", binding=True),)}
    bound = msgspec.structs.replace(MACHINE, capacity=ledger)
    assert site(bound)[0].places[0].memory_bytes == 50


def test_without_torch_the_cpu_is_still_a_place():
    found, gaps = survey_site(MACHINE, Survey(why="no"), Threads(2, "cores"), busy_too=False)
    assert [(place.device, place.torch) for place in found.places] == [("cpu", None)]
    assert (found.folder, found.disk, found.disk_free_bytes) == ("/data", "disk:0", 9)
    assert gaps == []


def test_unknown_memory_stays_unknown():
    assert site(Machine(cpu=Cpu(), memory=Memory()))[0].places[0].memory_bytes is None


@pytest.mark.parametrize(
    ("cpu", "cache"),
    [
        (Cpu(), None),
        (Cpu(caches=(Cache(2, "unified", 4, 10), Cache(1, "data", 4, 1))), 40),
        (Cpu(l3_bytes=99, caches=(Cache(3, "unified", 1, 10),)), 99),
        (Cpu(l3_bytes=260 * MIB, cores=2), 260 * MIB),
        (Cpu(l3_bytes=260 * MIB, cores=2, hypervisor="kvm"), 64 * MIB),
        (Cpu(l3_bytes=32 * MIB, cores=8, hypervisor="kvm"), 32 * MIB),
        (Cpu(l3_bytes=260 * MIB, hypervisor="kvm"), 260 * MIB),
    ],
)
def test_the_last_level_cache_is_the_whole_of_it(cpu, cache):
    assert site(Machine(cpu=cpu, memory=Memory()))[0].places[0].cache_bytes == cache


@pytest.mark.parametrize(
    ("device", "id_"),
    [
        (Device(id="gpu:3", uuid="GPU-ABC"), "gpu:3"),
        (Device(id="gpu:2", pci_address="00000000:3B:00.0"), "gpu:2"),
    ],
)
def test_devices_are_joined_by_uuid_or_pci_address(device, id_):
    other = Device(id="gpu:0", uuid="GPU-other", pci_address="0000:01:00.0")
    machine = msgspec.structs.replace(MACHINE, devices=(other, device))
    found = msgspec.structs.replace(GPU, pci_address="0000:3b:00.0")
    place = site(machine, (CPU, found))[0].places[1]
    assert (place.device, place.torch, place.memory_bytes) == (id_, "cuda:0", 500)
    assert place.hardware == (device.uuid or device.pci_address)


def test_a_single_gpu_needs_no_identity():
    machine = msgspec.structs.replace(MACHINE, devices=(Device(id="gpu:0", name="M3 Max"),))
    mps = Found(kind="mps", torch="mps", dtypes=("fp16",))
    assert site(machine, (CPU, mps))[0].places[1].device == "gpu:0"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"utilization": 0.6}, "others use gpu:0: 60% busy"),
        (
            {"memory_bytes": 100, "memory_free_bytes": 50},
            "others use gpu:0: 50% of its memory is taken",
        ),
    ],
)
def test_a_gpu_that_others_use_is_left_alone_unless_told(state, words):
    machine = msgspec.structs.replace(MACHINE, devices=(Device(id="gpu:0", uuid="abc", **state),))
    found, gaps = site(machine, (CPU, GPU))
    assert [place.device for place in found.places] == ["cpu"]
    assert [(gap.what, gap.why) for gap in gaps] == [("measurements.gpu:0", words)]
    told, gaps = site(machine, (CPU, GPU), busy_too=True)
    assert [place.device for place in told.places] == ["cpu", "gpu:0"]
    assert gaps == []


@pytest.mark.parametrize(("hypervisor", "virtual"), [(None, False), ("KVM", True)])
def test_a_hypervisor_makes_the_site_virtual(hypervisor, virtual):
    machine = Machine(cpu=Cpu(hypervisor=hypervisor), memory=Memory())
    assert site(machine)[0].virtual is virtual
