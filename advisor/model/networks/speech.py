"""Whisper base (Radford et al., arXiv:2212.04356, table 1) on 30 s of sound and 64 tokens."""

import torch
from torch import Tensor, nn

from advisor.model.networks.blocks import Layer

WIDTH, LAYERS, HEADS, MELS, FRAMES, WORDS, TOKENS, MOST = 512, 6, 8, 80, 3000, 51865, 64, 448


def build() -> nn.Module:
    """Return the network."""
    return Whisper()


def inputs(batch: int) -> tuple[Tensor, ...]:
    """Return mel spectrograms of 30 s, and the tokens so far."""
    return torch.randn(batch, MELS, FRAMES), torch.randint(0, WORDS, (batch, TOKENS))


class Whisper(nn.Module):
    """An encoder of sound and a decoder of words."""

    def __init__(self) -> None:
        """Make both sides."""
        super().__init__()
        self.sound = nn.Sequential(
            nn.Conv1d(MELS, WIDTH, 3, 1, 1), nn.GELU(), nn.Conv1d(WIDTH, WIDTH, 3, 2, 1), nn.GELU()
        )
        self.register_buffer("times", torch.zeros(FRAMES // 2, WIDTH))
        self.encoder = nn.Sequential(*(Layer(WIDTH, HEADS, 4 * WIDTH) for _ in range(LAYERS)))
        self.words = nn.Embedding(WORDS, WIDTH)
        self.positions = nn.Parameter(torch.zeros(MOST, WIDTH))
        layers = (Layer(WIDTH, HEADS, 4 * WIDTH, causal=True, crossed=True) for _ in range(LAYERS))
        self.decoder = nn.ModuleList(layers)
        self.norms = nn.ModuleList([nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)])

    def forward(self, sound: Tensor, tokens: Tensor) -> Tensor:
        """Return the scores of all words after each token."""
        heard = self.sound(sound).transpose(1, 2) + self.get_buffer("times")
        heard = self.norms[0](self.encoder(heard))
        x = self.words(tokens) + self.positions[: tokens.shape[1]]
        for layer in self.decoder:
            x = layer(x, heard)
        return nn.functional.linear(self.norms[1](x), self.words.weight)
