"""A language model at work: the prefill of prompts, or the next word of every sequence.

The decoder is that of `decoder`; keys and values of the words before are kept beside it, in as much
memory as serving takes. Training runs the decoder itself.
"""

import msgspec
import torch
from torch import Tensor, nn

from advisor.model.networks import decoder
from advisor.workload import LanguageModel


class Generator(nn.Module):
    """Words in, the scores of each sequence's next word out; earlier words are remembered."""

    def __init__(self, model: LanguageModel, batch: int, words: int) -> None:
        """Remember ``words`` of each of ``batch`` sequences, random ones until they are written."""
        super().__init__()
        self.decoder = decoder.Decoder(msgspec.structs.replace(model, prompt=words))
        shape = (batch, model.kv_heads, words, model.head_size)
        self.kept = [(torch.randn(shape), torch.randn(shape)) for _ in range(model.layers)]

    def forward(self, tokens: Tensor) -> Tensor:
        """Read the last words of each sequence; only its very last is projected onto all words."""
        angle = self.decoder.get_buffer("turn")[-tokens.shape[1] :]
        turn = (angle.cos(), angle.sin())
        x = self.decoder.words(tokens)
        for block, kept in zip(self.decoder.blocks, self.kept, strict=True):
            x = block(x, turn, kept)
        found: Tensor = self.decoder.head(self.decoder.norm(x[:, -1]))
        return found


def build(model: LanguageModel, phase: str, batch: int) -> nn.Module:
    """Return what a phase runs: the decoder with its loss, or with the words that it remembers."""
    if phase == "training":
        return decoder.build(model)
    return Generator(model, batch, model.prompt if phase == "prefill" else model.context)


def inputs(model: LanguageModel, phase: str, batch: int) -> tuple[Tensor, ...]:
    """Return sequences of a prompt's words; to decode, of one."""
    if phase == "decode":
        return (torch.randint(0, model.vocabulary, (batch, 1)),)
    return decoder.inputs(model, batch)
