"""What a network does is written down; what the data would decide is counted as likely."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch

from advisor.model.recorder import Recorder, Whole, tensors  # noqa: E402 - needs torch


def recorded(run, *inputs, parameters=()):
    recorder = Recorder()
    recorder.know([*inputs, *parameters])
    with torch.no_grad(), torch.device("meta"), Whole(recorder), recorder:
        run(*inputs)
    return recorder


def tensor(*shape):
    return torch.empty(*shape, device="meta")


def test_views_cost_nothing_and_writes_in_place_do():
    def run(x):
        x.unsqueeze(0).squeeze_(0).t().add_(1)

    assert [op.kernel for op in recorded(run, tensor(3, 4)).ops] == ["add_"]


def test_a_parameter_is_known_through_its_views():
    weight = torch.nn.Parameter(tensor(5, 3))
    found = recorded(lambda x: x @ weight.t(), tensor(2, 3), parameters=(weight,)).ops
    assert [(op.kernel, op.weights) for op in found] == [("linear", 15)]


def test_what_nothing_trained_comes_before_is_a_leaf_and_what_is_used_again_is_tied():
    functional = torch.nn.functional
    table, first, last = (torch.nn.Parameter(tensor(*shape)) for shape in ((20, 4), (4, 4), (3, 4)))

    def run(x, index):
        mean = x.relu().mean(0)  # of what goes in alone
        looked = functional.embedding(index, table)
        hidden = functional.linear(mean, first) + functional.linear(looked, first)
        scores = functional.linear(hidden.relu(), table)
        return scores, functional.linear(x, last.detach())

    index = torch.empty(5, dtype=torch.int64, device="meta")
    found = recorded(run, tensor(5, 4), index, parameters=(table, first, last)).ops
    assert [(op.kernel, op.leaf, op.tied) for op in found] == [
        ("relu", True, False),
        ("mean", True, False),
        ("embedding", True, False),
        ("linear", True, False),
        ("linear", False, True),
        ("add", False, False),
        ("relu", False, False),
        ("linear", False, True),
        ("linear", True, False),
    ]


def test_frozen_weights_do_not_ask_for_gradients():
    frozen = torch.nn.Parameter(tensor(4, 4), requires_grad=False)
    trained = torch.nn.Parameter(tensor(4, 4))

    def run(x):
        return torch.nn.functional.linear((x @ frozen) + trained[0], trained)

    found = recorded(run, tensor(2, 4), parameters=(frozen, trained)).ops
    assert [(op.kernel, op.leaf) for op in found] == [
        ("linear", True), ("add", False), ("linear", False),
    ]  # fmt: skip


def test_a_product_with_what_depends_on_nothing_trained_has_one_gradient():
    weight = torch.nn.Parameter(tensor(4, 4))

    def run(near, x):
        hidden = torch.nn.functional.linear(x, weight)
        return near @ hidden, hidden @ hidden.mT, near @ x

    found = recorded(run, tensor(2, 5, 5), tensor(2, 5, 4), parameters=(weight,)).ops
    told = [(op.frozen, op.leaf) for op in found if op.kernel == "matmul"]
    assert told == [(True, False), (False, False), (False, True)]


def test_of_one_choice_among_eight_a_mask_holds_an_eighth():
    def run(x):
        chosen = x.topk(2, -1).indices
        return torch.where(chosen == 3)

    sizes = {}

    def kept(x):
        rows, _ = run(x)
        sizes["rows"] = len(rows)

    found = recorded(kept, tensor(64, 8))
    assert sizes["rows"] == 64 * 2 / 8
    assert not found.notes


def test_what_the_data_decide_is_said():
    found = recorded(lambda x: (x > 0).nonzero(), tensor(4, 4))
    assert "as if all were" in next(iter(found.notes))


def test_a_call_that_is_not_known_is_said():
    found = recorded(lambda x: torch.cdist(x, x), tensor(4, 4))
    assert list(found.notes) == ["_cdist_forward is not known: counted by the bytes that it moves"]


def test_outputs_of_any_make():
    class Output:
        def __init__(self):
            self.logits = tensor(2)
            self.itself = self

    assert len(tensors({"a": [tensor(1), (tensor(2), Output())]})) >= 3
