"""A user's own network: a function that returns a torch module and its example inputs."""

from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

import torch

from advisor.errors import AdvisorError
from advisor.model import trace
from advisor.model.recorder import tensors
from advisor.workload import Workload

_DATA = "the meta device has shapes but no data: a branch or a size that depends on values cannot be followed"  # noqa: E501


def workload(module: ModuleType, function: str, name: str) -> Workload:
    """Call the function under the meta device, and trace what it returns.

    The inputs are a tuple of tensors or a dict of keyword tensors, batch first: the first tensor's
    first size is the batch, and every other tensor that begins with it is of the batch too.

    Raises:
        AdvisorError: there is no such function, or what it returns cannot be traced.
    """
    make = getattr(module, function, None)
    if not callable(make):
        raise AdvisorError(f"trace {name}", f"{module.__name__} has no function {function}")
    try:
        network, given = _made(make)
        batch = _batch(given)
        graph = trace.graph(network, lambda wanted: _resized(given, batch, wanted), batch)
    except AdvisorError as error:
        raise AdvisorError(f"trace {name}", error.wrong, remedy=error.remedy) from error
    except Exception as error:  # whatever a user's code raises is theirs to read
        wrong = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
        remedy = _DATA if "meta tensor" in str(error) else ""
        raise AdvisorError(f"trace {name}", wrong, remedy=remedy) from error
    trained = sum(p.numel() for p in network.parameters() if p.requires_grad)
    return Workload(
        name=name,
        title=name,
        network=type(network).__name__,
        unit="samples",
        phases=("training", "inference") if trained else ("inference",),
        batches=(1, 8, 32, 128),
        sources=(),
        graph=graph,
        trained_parameters=None if trained == graph.parameters else float(trained),
    )


def _made(make: Callable[[], Any]) -> tuple[torch.nn.Module, Any]:
    with torch.device("meta"):
        made = make()
        if not (isinstance(made, tuple | list) and len(made) == 2):
            raise AdvisorError("", "it does not return a network and its example inputs")
        network, given = made
        if not isinstance(network, torch.nn.Module):
            raise AdvisorError("", f"it returns a {type(network).__name__}, no torch.nn.Module")
        given = (given,) if isinstance(given, torch.Tensor) else given
        if not tensors(given):
            raise AdvisorError("", "its example inputs hold no tensor")
        return network.to("meta"), given


def _batch(given: Any) -> int:
    return max(next((int(t.shape[0]) for t in tensors(given) if t.ndim), 1), 1)


def _resized(given: Any, batch: int, wanted: int) -> Any:
    """Return the example inputs with another batch, on the meta device."""
    if isinstance(given, dict):
        return {key: _resized(value, batch, wanted) for key, value in given.items()}
    if isinstance(given, list | tuple):
        return _like(given, (_resized(value, batch, wanted) for value in given))
    if not isinstance(given, torch.Tensor):
        return given
    own = given.ndim and given.shape[0] == batch
    shape = (wanted, *given.shape[1:]) if own else given.shape
    made = torch.empty(shape, dtype=given.dtype, device="meta")
    return made.requires_grad_(given.requires_grad)


def _like(given: Any, values: Iterable[Any]) -> Any:
    """Return a list as a list, a tuple as a tuple, a named tuple as itself."""
    return type(given)(*values) if hasattr(given, "_fields") else type(given)(values)
