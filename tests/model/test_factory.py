"""A user's own network is traced, not run; what goes wrong in it is told."""

from types import SimpleNamespace

import pytest

from advisor.errors import AdvisorError

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch


def made(make):
    from advisor.model.factory import workload

    module = SimpleNamespace(__name__="mine", make=make)
    return workload(module, "make", "mine:make")


def network():
    return torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 8))


def test_a_tuple_of_tensors():
    found = made(lambda: (network(), (torch.zeros(4, 64),)))
    assert found.graph.parameters == 64 * 32 + 32 + 32 * 8 + 8
    assert {op.op for op in found.graph.ops} >= {"gemm"}


def test_keywords():
    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = network()

        def forward(self, x, scale=1.0):
            return self.inner(x) * scale

    assert made(lambda: (Net(), {"x": torch.zeros(2, 64)})).graph.ops


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: 3, "TypeError"),
        (lambda: (network(), (torch.zeros(4, 63),)), "RuntimeError"),
        (None, "no function"),
    ],
)
def test_what_goes_wrong_is_told(make, message):
    with pytest.raises(AdvisorError, match=message):
        made(make)
