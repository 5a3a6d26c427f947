"""A language model's figures give its parameters and its cache."""

import pytest

from advisor.workload import LanguageModel, taking

LLAMA_2_7B = LanguageModel(
    layers=32, hidden=4096, heads=32, kv_heads=32, head_size=128, intermediate=11008,
    vocabulary=32000, context=2048, prompt=512,
)  # fmt: skip
MIXTRAL_8X7B = LanguageModel(
    layers=32, hidden=4096, heads=32, kv_heads=8, head_size=128, intermediate=14336,
    vocabulary=32000, context=2048, prompt=512, experts=8, experts_used=2,
)  # fmt: skip


@pytest.mark.parametrize(
    ("model", "parameters", "active", "cached"),
    [
        # arXiv:2307.09288 names 6.74 G by its checkpoint; arXiv:2401.04088 47 G and 13 G active.
        (LLAMA_2_7B, 6.74e9, 6.74e9, 2 * 32 * 4096),
        (MIXTRAL_8X7B, 46.7e9, 12.9e9, 2 * 32 * 1024),
    ],
)
def test_figures(model, parameters, active, cached):
    assert model.parameters == pytest.approx(parameters, rel=0.01)
    assert model.active_parameters == pytest.approx(active, rel=0.01)
    assert model.kv_elements == cached


@pytest.mark.parametrize(
    ("job", "said"),
    [
        ("90 epochs of ImageNet-1k", "90 epochs of ImageNet-1k take"),
        ("1 epoch of your data set", "1 epoch of your data set takes"),
        ("one epoch of Criteo", "one epoch of Criteo takes"),
        ("fine-tuning for 3 epochs", "fine-tuning for 3 epochs takes"),
    ],
)
def test_a_job_takes_its_verb(job, said):
    assert taking(job) == said
