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
        (lambda: 3, "does not return a network and its example inputs"),
        (lambda: (3, 4), "no torch.nn.Module"),
        (lambda: (network(), 4), "hold no tensor"),
        (lambda: (network(), (torch.zeros(4, 63),)), "RuntimeError"),
        (None, "no function"),
    ],
)
def test_what_goes_wrong_is_told(make, message):
    with pytest.raises(AdvisorError, match=message):
        made(make)


from tests.model.unlike import CASES, Spectral  # noqa: E402 - needs torch


@pytest.mark.parametrize("name", CASES)
def test_networks_unlike_ours_have_the_multiply_adds_counted_by_hand(name):
    from advisor.operation import work

    make, expected = CASES[name]
    with torch.device("meta"):
        parameters = sum(p.numel() for p in make()[0].parameters())
    graph = made(make).graph
    kinds = {"gemm", "conv", "recurrent", "attention"}
    counted = sum(op.count * work(op).flops for op in graph.ops if op.op in kinds)
    assert counted / 2 == pytest.approx(expected, rel=0.01)
    assert graph.parameters == parameters


def test_a_network_that_keeps_to_its_batch_says_so():
    assert "its own batch of 4 alone" in made(CASES["stubborn"][0]).graph.notes[0]


def test_edges_that_belong_to_no_sample_are_moved_once():
    once = [op for op in made(CASES["graph"][0]).graph.ops if op.once]
    assert sum(op.count * op.reads for op in once) == pytest.approx(500 * 64, rel=0.1)


def test_a_transform_has_flops():
    from advisor.operation import work

    graph = made(lambda: (Spectral(), (torch.zeros(4, 32),))).graph
    found = [work(op).flops for op in graph.ops if op.kernel.startswith("fft")]
    assert found == [2.5 * 32 * 5] * 2


def test_what_is_not_trained_is_told():
    def make():
        built = network()
        built[0].requires_grad_(False)
        return built, (torch.zeros(4, 64),)

    found = made(make)
    assert found.trained_parameters == 32 * 8 + 8
    assert [op.frozen for op in found.graph.ops if op.op == "gemm"] == [True, False]
    assert made(lambda: (make()[0].requires_grad_(False), torch.zeros(4, 64))).phases == (
        "inference",
    )
