"""A word after a prompt costs what one more word of the prompt would say."""

import pytest

from advisor.workload import LanguageModel

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch

from advisor.model.networks import generator  # noqa: E402 - needs torch

MODEL = LanguageModel(
    layers=2, hidden=32, heads=4, kv_heads=2, head_size=8, intermediate=48, vocabulary=50,
    context=7, prompt=7,
)  # fmt: skip


def built(phase, batch=3):
    return generator.build(MODEL, phase, batch), generator.inputs(MODEL, phase, batch)


def test_the_last_word_of_a_prompt_is_scored_as_if_it_were_decoded():
    network, (words,) = built("prefill")
    with torch.no_grad():
        whole = network(words)
        again = network(words[:, -1:])  # keys and values of the words before are kept
        other = network(words[:, -1:] * 0)
    assert whole.shape == (3, 50)
    assert torch.allclose(whole, again, atol=1e-5)
    assert not torch.allclose(whole, other, atol=1e-5)


def test_scores_are_those_that_the_decoder_learns_from():
    network, (words,) = built("prefill")
    with torch.no_grad():
        steps = [network.decoder.words(words)]
        angle = network.decoder.get_buffer("turn")
        for block in network.decoder.blocks:
            steps.append(block(steps[-1], (angle.cos(), angle.sin())))
        learned = network.decoder.head(network.decoder.norm(steps[-1]))[:, -1]
        assert torch.allclose(network(words), learned, atol=1e-5)


def test_a_decoding_step_reads_one_word_of_each_sequence():
    network, (words,) = built("decode", 5)
    assert words.shape == (5, 1)
    assert network.kept[0][0].shape == (5, 2, 7, 8)
    assert network(words).shape == (5, 50)


def test_training_runs_the_decoder_with_its_loss():
    network, (words,) = built("training")
    assert words.shape == (3, 7)
    assert network(words).ndim == 0
