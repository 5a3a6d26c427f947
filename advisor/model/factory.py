"""A user's own network: a function that returns a torch module and its example inputs."""

from types import ModuleType
from typing import Any

import torch

from advisor.errors import AdvisorError
from advisor.model import trace
from advisor.workload import Workload


def workload(module: ModuleType, function: str, name: str) -> Workload:
    """Call the function under the meta device, and trace what it returns.

    The inputs are a tuple of tensors or a dict of keyword tensors, batch first.

    Raises:
        AdvisorError: there is no such function, or what it returns cannot be traced.
    """
    make = getattr(module, function, None)
    if not callable(make):
        raise AdvisorError(f"trace {name}", f"{module.__name__} has no function {function}")
    try:
        with torch.device("meta"):
            network, given = make()
            network = network.to("meta")
        graph = trace.graph(network, lambda batch: _resized(given, batch))
    except Exception as error:  # whatever a user's code raises is theirs to read
        wrong = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
        raise AdvisorError(f"trace {name}", wrong) from error
    return Workload(
        name=name,
        title=name,
        network=type(network).__name__,
        unit="samples",
        phases=("training", "inference"),
        batches=(1, 8, 32, 128),
        sources=(),
        graph=graph,
    )


def _resized(given: Any, batch: int) -> Any:
    """Return the example inputs with another batch."""
    if isinstance(given, dict):
        return {key: _resized(value, batch) for key, value in given.items()}
    if isinstance(given, list | tuple):
        return tuple(_resized(value, batch) for value in given)
    if isinstance(given, torch.Tensor) and given.ndim:
        made = torch.empty((batch, *given.shape[1:]), dtype=given.dtype, device="meta")
        return made.requires_grad_(given.requires_grad)
    return given
