"""A workload is asked for with another batch, context or data set; what is not said stays."""

import pytest

from advisor import book
from advisor.constraint import Constraints, asked

CNN, LLM = (book.workload(name, ()) for name in ("cnn", "llm-7b"))


def test_nothing_asked_changes_nothing():
    assert asked(CNN, Constraints()) == CNN


def test_batch_and_context():
    assert asked(CNN, Constraints(batch=3)).batches == (3,)
    assert asked(LLM, Constraints(context=8192)).llm.context == 8192
    assert asked(CNN, Constraints(context=8192)) == CNN


@pytest.mark.parametrize(
    ("constraints", "samples"),
    [(Constraints(samples=1000), 1000), (Constraints(dataset_bytes=1e9), 1e9 / 115000),
     (Constraints(dataset_bytes=1), 1)],
)  # fmt: skip
def test_a_data_set_of_ones_own(constraints, samples):
    workload = asked(CNN, constraints)
    assert workload.dataset.samples == round(samples)
    assert "ImageNet" not in workload.job.title


@pytest.mark.parametrize(
    ("rate", "unit", "each"),
    [(None, "samples", 1.0), (None, "tokens", 5.0), (30.0, "tokens", 30.0)],
)
def test_what_a_stream_sends(rate, unit, each):
    assert Constraints(stream_rate=rate).rate_of_stream(unit) == each
