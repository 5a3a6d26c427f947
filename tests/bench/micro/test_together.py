"""All cards at once; two made-up cards stand in for what is not here."""

import pytest

from advisor.bench.micro import together
from advisor.bench.task import Place, Site
from tests.bench.micro.fakes import FakeHands


def site(*formats):
    cards = [
        Place(device=f"gpu:{i}", kind="cuda", torch=f"cuda:{i}", dtypes=dtypes)
        for i, dtypes in enumerate(formats)
    ]
    return Site(
        places=(Place(device="cpu", kind="cpu", torch="cpu"), *cards), threads=1, folder="."
    )


@pytest.mark.parametrize("formats", [(), [("bf16",)], [("fp16",), ("fp32",)]])
def test_one_card_or_no_shared_format_is_nothing_to_time(formats):
    assert list(together.headline(site(*formats), ())) == []


def test_the_best_format_that_all_run_and_the_work_of_all():
    (task,) = together.headline(site(("fp32", "fp16", "bf16"), ("fp32", "fp16")), ())
    assert (task.dtype, task.device) == ("fp16", "peer:gpu:0+gpu:1")
    assert task.work == 2 * 2.0 * together.SIDE**3 * 8


def test_all_are_queued_before_any_is_waited_for():
    hands = FakeHands()
    (task,) = together.headline(site(("bf16",), ("bf16",)), ())
    together.prepare(task, hands).call()
    assert hands.torch.calls[:2] == ["mm on cuda:0", "mm on cuda:1"]
    assert hands.torch.calls[16:] == ["synchronize cuda:0", "synchronize cuda:1"]
