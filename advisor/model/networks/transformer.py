"""BERT-base (Devlin et al., arXiv:1810.04805) over 128 tokens, with its masked-word head."""

import torch
from torch import Tensor, nn

from advisor.model.networks.blocks import Layer

WIDTH, LAYERS, HEADS, WORDS, LENGTH, MOST = 768, 12, 12, 30522, 128, 512


def build() -> nn.Module:
    """Return the network."""
    return Bert()


def inputs(batch: int) -> tuple[Tensor, ...]:
    """Return sequences of 128 tokens."""
    return (torch.randint(0, WORDS, (batch, LENGTH)),)


class Bert(nn.Module):
    """An encoder whose output embedding is its input embedding."""

    def __init__(self) -> None:
        """Make the embeddings, the layers and the head."""
        super().__init__()
        self.words = nn.Embedding(WORDS, WIDTH)
        self.positions = nn.Parameter(torch.zeros(MOST, WIDTH))
        self.kinds = nn.Parameter(torch.zeros(2, WIDTH))
        self.norm = nn.LayerNorm(WIDTH)
        layers = (Layer(WIDTH, HEADS, 4 * WIDTH, first=False) for _ in range(LAYERS))
        self.layers = nn.Sequential(*layers)
        self.head = nn.Sequential(nn.Linear(WIDTH, WIDTH), nn.GELU(), nn.LayerNorm(WIDTH))
        self.bias = nn.Parameter(torch.zeros(WORDS))

    def forward(self, tokens: Tensor) -> Tensor:
        """Return the scores of all words at all places."""
        x = self.words(tokens) + self.positions[: tokens.shape[1]] + self.kinds[0]
        x = self.head(self.layers(self.norm(x)))
        return nn.functional.linear(x, self.words.weight, self.bias)
