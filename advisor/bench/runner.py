"""The process that runs one network for some seconds: it alone loads what it is told to run.

Reads one `Errand` as JSON from stdin, writes one `Ran` to stdout; libraries' talk goes to stderr.
"""

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from advisor.bench import allocator
from advisor.workload import LanguageModel


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """What to run: a module that offers ``build`` and ``inputs``, or ``module:factory``.

    A factory returns a network and its example inputs; ``states`` 1 trains with momentum, 2 with
    Adam; ``seconds`` are timed after two passes that are not; ``compile`` goes through
    ``torch.compile`` first. With ``llm``, the module builds that model for the phase and batch.
    The process may fill ``most_bytes`` of host memory, where the system knows such a limit.
    """

    network: str
    phase: str
    batch: int
    threads: int
    seconds: float
    dtype: str = "fp32"
    device: str = "cpu"
    states: int = 1
    compile: bool = False
    llm: LanguageModel | None = None
    most_bytes: float | None = None


class Ran(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds of each pass, and the most memory that the process (or the device) held."""

    seconds: tuple[float, ...]
    peak_bytes: int
    before_bytes: int


_DTYPES = {"fp32": "float32", "bf16": "bfloat16", "fp16": "float16", "tf32": "float32"}


def run(errand: Errand) -> Ran:
    """Build, warm up, and time passes until the seconds are over."""
    import torch

    torch.set_num_threads(errand.threads)
    torch.manual_seed(0)
    before = peak_bytes()
    with torch.device(errand.device):
        network, inputs = loaded(torch, errand)
    if errand.compile:
        network = torch.compile(network)
    step = stepper(torch, network, inputs, errand)
    for _ in range(2):
        step()
    times: list[float] = []
    while sum(times) < errand.seconds or len(times) < 3:
        began = time.perf_counter()
        step()
        _wait(torch, errand.device)
        times.append(time.perf_counter() - began)
    most = peak_bytes()
    if errand.device != "cpu":
        most = int(getattr(torch, errand.device.partition(":")[0]).max_memory_reserved())
    return Ran(seconds=tuple(times), peak_bytes=most, before_bytes=before)


def loaded(torch: Any, errand: Errand) -> tuple[Any, Any]:
    """Import and build what is named, with inputs of so many samples."""
    module, colon, factory = errand.network.partition(":")
    sys.path.insert(0, str(Path.cwd()))
    found = import_module(module)
    model = errand.llm
    if model:
        built = _made(torch, errand, lambda: found.build(model, errand.phase, errand.batch))
        return built, found.inputs(model, errand.phase, errand.batch)
    if not colon:
        return _made(torch, errand, found.build), found.inputs(errand.batch)
    built, example = getattr(found, factory)()
    return built, resized(example, errand.batch)


def _made(torch: Any, errand: Errand, build: Callable[[], Any]) -> Any:
    """Build a network of ours; what is served is made in its own precision: it may fill memory."""
    usual = torch.get_default_dtype()
    if errand.phase != "training":
        torch.set_default_dtype(getattr(torch, _DTYPES[errand.dtype]))
    try:
        return build()
    finally:
        torch.set_default_dtype(usual)


def resized(inputs: Any, batch: int) -> Any:
    """Repeat or cut example inputs to a batch; what has another first dimension is left alone."""
    values = list(inputs.values()) if isinstance(inputs, dict) else list(inputs)
    first = next((len(v) for v in values if getattr(v, "ndim", 0)), 1)

    def fit(value: Any) -> Any:
        if not getattr(value, "ndim", 0) or len(value) != first:
            return value
        times = -(-batch // first)
        return value.repeat(times, *[1] * (value.ndim - 1))[:batch].contiguous()

    if isinstance(inputs, dict):
        return {name: fit(value) for name, value in inputs.items()}
    return tuple(fit(value) for value in inputs)


def stepper(torch: Any, network: Any, inputs: Any, errand: Errand) -> Callable[[], object]:
    """Return one pass: a forward pass without gradients, or a whole training step."""
    dtype = getattr(torch, _DTYPES[errand.dtype])
    kind = errand.device.partition(":")[0]
    named = isinstance(inputs, dict)

    def call(given: Any) -> Any:
        return network(**given) if named else network(*given)

    if errand.phase != "training":
        network.eval().to(dtype)
        inputs = _each(inputs, lambda one: one.to(dtype))
        return _without_gradients(torch, lambda: call(inputs))
    network.train()
    optimizer = _optimizer(torch, network, errand.states)
    mixed = torch.autocast(kind, dtype=dtype, enabled=dtype != torch.float32)

    # Where each step sees the same, units that are never active keep gradients of nought, on which
    # an optimizer may take several times as long: what goes in moves on by an element each step.
    seen = count()

    def step() -> None:
        moved = next(seen)
        given = _each(inputs, lambda one: one.roll(moved))
        optimizer.zero_grad(set_to_none=True)
        with mixed:
            loss = _loss(torch, call(given))
        loss.backward()
        optimizer.step()

    return step


def _each(inputs: Any, change: Callable[[Any], Any]) -> Any:
    """Change what goes in and is no index, no mask and no count."""

    def one(value: Any) -> Any:
        floating = hasattr(value, "is_floating_point") and value.is_floating_point()
        return change(value) if floating else value

    if isinstance(inputs, dict):
        return {name: one(value) for name, value in inputs.items()}
    return tuple(one(value) for value in inputs)


def _without_gradients(torch: Any, call: Callable[[], object]) -> Callable[[], object]:
    def step() -> object:
        with torch.no_grad():
            return call()

    return step


def _optimizer(torch: Any, network: Any, states: int) -> Any:
    learned = [p for p in network.parameters() if p.requires_grad]
    if states >= 2:
        return torch.optim.Adam(learned, lr=1e-6)
    return torch.optim.SGD(learned, lr=1e-6, momentum=0.9 if states else 0.0)


def _loss(torch: Any, found: Any) -> Any:
    """Return a scalar that depends on all that a network returns."""
    parts = list(found.values()) if isinstance(found, dict) else found
    parts = list(parts) if isinstance(parts, list | tuple) else [parts]
    kept = [p for p in parts if hasattr(p, "requires_grad") and p.requires_grad]
    return sum((part.float().square().mean() for part in kept), torch.zeros(()))


def _wait(torch: Any, device: str) -> None:
    if device != "cpu":
        getattr(torch, device.partition(":")[0]).synchronize()


def peak_bytes() -> int:
    """Return the most memory this process ever held.

    VmHWM of proc_pid_status(5) where there is one: what getrusage(2) tells on Linux counts what
    the parent held when it forked.
    """
    with suppress(OSError, StopIteration):
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) * 1024
    import resource  # here: native Windows lacks it, and must get as far as saying so

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def bound(most: float | None) -> None:
    """Bound the memory that this process may fill, where the system knows such a limit."""
    if most is None:
        return
    with suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        capped = int(most) if hard == resource.RLIM_INFINITY else min(int(most), hard)
        resource.setrlimit(resource.RLIMIT_DATA, (capped, hard))


def main() -> None:
    """Run the errand, and keep stdout for the answer alone."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    allocator.fix()
    errand = msgspec.json.decode(sys.stdin.buffer.read(), type=Errand)
    bound(errand.most_bytes)
    replies.write(msgspec.json.encode(run(errand)))
    replies.flush()


if __name__ == "__main__":
    main()
