"""The devices that torch sees: CUDA and ROCm, XPU and MPS through one code path."""

from typing import Any

from advisor.bench.messages import Found

# torch's name of a number format; int8 and fp8 have no random normals of their own.
TORCH_NAMES = {
    "fp32": "float32",
    "tf32": "float32",
    "bf16": "bfloat16",
    "fp16": "float16",
    "fp64": "float64",
    "fp8": "float8_e4m3fn",
    "int8": "int8",
}
_KINDS = ("cuda", "xpu", "mps")


def found(torch: Any) -> tuple[Found, ...]:
    """List the CPU and every accelerator that this torch can use, with what each runs."""
    cpu = Found(kind="cpu", torch="cpu", dtypes=("fp32", "bf16", "fp16", "fp64", "int8"))
    return (cpu, *(one for kind in _KINDS for one in _of_kind(torch, kind)))


def _of_kind(torch: Any, kind: str) -> list[Found]:
    module = getattr(torch, kind, None)
    if module is None or not module.is_available():
        return []
    if kind == "mps":
        room = module.recommended_max_memory() - module.current_allocated_memory()
        return [Found(kind=kind, torch="mps", dtypes=("fp32", "bf16", "fp16"), free_bytes=room)]
    return [_one(torch, module, kind, index) for index in range(module.device_count())]


def _one(torch: Any, module: Any, kind: str, index: int) -> Found:
    facts = module.get_device_properties(index)
    uuid = getattr(facts, "uuid", None)
    return Found(
        kind=kind,
        torch=f"{kind}:{index}",
        dtypes=_xpu_dtypes(facts) if kind == "xpu" else _cuda_dtypes(torch, facts),
        name=facts.name,
        uuid=str(uuid) if uuid else None,
        pci_address=_pci(facts),
        free_bytes=module.mem_get_info(index)[0],
        cache_bytes=getattr(facts, "L2_cache_size", None),
    )


def _pci(facts: Any) -> str | None:
    bus = getattr(facts, "pci_bus_id", None)
    if not isinstance(bus, int):
        return None
    return f"{facts.pci_domain_id:04x}:{bus:02x}:{facts.pci_device_id:02x}.0"


def _cuda_dtypes(torch: Any, facts: Any) -> tuple[str, ...]:
    """Return what the device's matrix units run natively.

    Tensor cores: bf16 and tf32 from compute capability 8.0, fp8 from 8.9, int8 from 7.5 (CUDA C++
    Programming Guide, compute capabilities). AMD: fp8 on CDNA3 (gfx94x) and later.
    """
    base = ("fp32", "fp16", "fp64")
    if torch.version.hip:
        name = str(getattr(facts, "gcnArchName", ""))
        return (*base, "bf16", "fp8") if name.startswith(("gfx94", "gfx95")) else (*base, "bf16")
    capability = (facts.major, facts.minor)
    since = {"bf16": (8, 0), "tf32": (8, 0), "fp8": (8, 9), "int8": (7, 5)}
    return (*base, *(dtype for dtype, first in since.items() if capability >= first))


def _xpu_dtypes(facts: Any) -> tuple[str, ...]:
    base = ("fp32", "bf16", "fp16")
    return (*base, "fp64") if getattr(facts, "has_fp64", False) else base
