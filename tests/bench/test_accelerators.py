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
