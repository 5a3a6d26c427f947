from types import SimpleNamespace as Fake

import pytest

from advisor.bench import accelerators


def module(*devices, free=8 * 2**30):
    return Fake(
        is_available=lambda: bool(devices),
        device_count=lambda: len(devices),
        get_device_properties=lambda index: devices[index],
        mem_get_info=lambda index: (free, free),
    )


def gpu(major, minor, **more):
    return Fake(name="GPU", major=major, minor=minor, **more)


def torch(hip=None, **modules):
    return Fake(version=Fake(hip=hip), **modules)


def test_a_torch_without_accelerators_has_a_cpu():
    only = accelerators.found(torch(cuda=module()))
    assert [one.torch for one in only] == ["cpu"]
    assert {"fp32", "bf16", "fp16"} <= set(only[0].dtypes)


@pytest.mark.parametrize(
    ("device", "has", "lacks"),
    [
        (gpu(7, 0), {"fp32", "fp16", "fp64"}, {"bf16", "tf32", "int8", "fp8"}),
        (gpu(7, 5), {"int8"}, {"bf16", "tf32", "fp8"}),
        (gpu(8, 6), {"bf16", "tf32", "int8"}, {"fp8"}),
        (gpu(8, 9), {"fp8", "bf16"}, set()),
        (gpu(12, 0), {"fp8", "bf16"}, set()),
    ],
)
def test_formats_follow_compute_capability(device, has, lacks):
    dtypes = set(accelerators.found(torch(cuda=module(device)))[1].dtypes)
    assert has <= dtypes
    assert not lacks & dtypes


@pytest.mark.parametrize(("arch", "fp8"), [("gfx942:sramecc+", True), ("gfx90a", False)])
def test_rocm_has_no_compute_capability(arch, fp8):
    device = gpu(9, 4, gcnArchName=arch)
    dtypes = accelerators.found(torch(hip="6.2", cuda=module(device)))[1].dtypes
    assert ("fp8" in dtypes) is fp8
    assert "tf32" not in dtypes


def test_identity_memory_and_cache_come_along():
    identity = {"uuid": "abc", "pci_domain_id": 0, "pci_bus_id": 0x3B, "pci_device_id": 0}
    device = gpu(8, 0, L2_cache_size=40 * 2**20, **identity)
    second = accelerators.found(torch(cuda=module(device, device, free=123)))[2]
    assert (second.kind, second.torch, second.uuid) == ("cuda", "cuda:1", "abc")
    assert second.pci_address == "0000:3b:00.0"
    assert (second.free_bytes, second.cache_bytes) == (123, 40 * 2**20)


def test_xpu_and_mps_go_the_same_way():
    mps = Fake(
        is_available=lambda: True,
        recommended_max_memory=lambda: 100,
        current_allocated_memory=lambda: 40,
    )
    seen = accelerators.found(torch(xpu=module(Fake(name="B580", has_fp64=True)), mps=mps))
    assert [(one.kind, one.torch) for one in seen[1:]] == [("xpu", "xpu:0"), ("mps", "mps")]
    assert "fp64" in seen[1].dtypes
    assert "fp64" not in seen[2].dtypes
    assert seen[2].free_bytes == 60


def few(monkeypatch):
    """Make every benchmark small: what counts here is the path, not the figure."""
    torch = pytest.importorskip("torch", reason="torch is not installed")

    from advisor.bench.micro import attention, conv, host_link, matmul, memory, ops, peer, together

    draw = ops.points
    monkeypatch.setattr(matmul, "SHAPES", ((64, 64, 64), (256, 256, 256), (1024, 1024, 1024)))
    monkeypatch.setattr(conv, "_DEVICE_IMAGES", 1)
    monkeypatch.setattr(attention, "SHAPES", attention.SHAPES[:2])
    monkeypatch.setattr(memory, "LADDER", memory.LADDER[:3])
    monkeypatch.setattr(memory, "_LEAST_BYTES", 2**20)
    monkeypatch.setattr(ops, "points", lambda random: draw(random)[::12])
    monkeypatch.setattr(together, "SIDE", 64)
    for link in (host_link, peer):
        monkeypatch.setattr(link, "BYTES", 2**16)
    monkeypatch.setattr("advisor.bench.micro.disk_read.MOST_BYTES", 2**24)
    threads = torch.get_num_threads()
    yield
    torch.set_grad_enabled(True)
    torch.set_num_threads(threads)


small = pytest.fixture(few)
ALONE = {
    *("matmul", "matmul.peak", "conv", "attention", "op", "launch.latency", "launch.queued"),
    *("memory.copy", "memory.triad", "memory.copy.at", "memory.triad.at"),
    *("host_link.h2d", "host_link.d2h", "host_link.h2d.pageable", "host_link.d2h.pageable"),
}
PCI = {"pci_domain_id": 0, "pci_device_id": 0}
MI300X = [
    gpu(9, 4, gcnArchName="gfx942", pci_bus_id=bus, L2_cache_size=2**22, **PCI) for bus in (3, 65)
]
ARC = [Fake(name="Intel Arc B580", has_fp64=True, uuid=f"arc-{n}") for n in (0, 1)]
AT = [{"pci_address": "0000:03:00.0"}, {"pci_address": "0000:41:00.0"}]


@pytest.mark.torch
@pytest.mark.parametrize(
    ("kind", "facts", "hip", "known", "formats", "lacks"),
    [
        ("cuda", MI300X, "6.2", AT, {"fp32", "fp16", "bf16", "fp64"}, {"tf32", "int8"}),
        (
            "xpu",
            ARC,
            None,
            [{"uuid": "arc-0"}, {"uuid": "arc-1"}],
            {"bf16", "fp64"},
            {"tf32", "fp8"},
        ),
        ("mps", [None], None, [{}], {"fp32", "bf16", "fp16"}, {"fp64", "tf32", "fp8", "int8"}),
    ],
)
def test_simulated_devices_run_the_whole_table(
    small, monkeypatch, tmp_path, kind, facts, hip, known, formats, lacks
):
    """SIMULATED ROCm and XPU, two devices, each alone and all at once; and MPS."""
    pytest.importorskip("torch", reason="torch is not installed")
    from tests.bench import simulated

    devices = [simulated.card(i, "simulated", **more) for i, more in enumerate(known)]
    there = simulated.torch_with(kind, facts, hip)
    outcome = simulated.run(monkeypatch, tmp_path, there, devices, None)
    for device in devices:
        own = [m for m in outcome.measurements if m.device in {device.id, f"link:{device.id}"}]
        assert {m.name for m in own} == ALONE
        timed = {m.dtype for m in own if m.name == "matmul.peak"}
        assert formats <= timed
        (told,) = [g.why for g in outcome.gaps if g.what == f"measurements.matmul.{device.id}"]
        assert lacks <= set(told.replace(",", "").split())
        assert not lacks & timed
        assert {m.hardware for m in own} == {device.uuid or device.pci_address}
    several = {m.name: m.device for m in outcome.measurements if m.device.startswith("peer:")}
    at_once = {"matmul.together", "peer.copy", *(["peer.allreduce"] if kind == "cuda" else [])}
    assert set(several) == (at_once if len(devices) > 1 else set())
    assert set(several.values()) <= {"peer:gpu:0+gpu:1"}
    if kind == "xpu" and len(devices) > 1:
        assert "measurements.peer.allreduce.peer:gpu:0+gpu:1" in {g.what for g in outcome.gaps}
    pinned = next(m for m in outcome.measurements if m.name == "host_link.h2d")
    assert (pinned.cause is None) == (kind == "cuda")  # said where this torch pins no memory
    assert all(gap.why for gap in outcome.gaps)
