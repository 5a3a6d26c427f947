"""A medium LSTM language model (Zaremba et al., arXiv:1409.2329, section 4.1): 2 × 650 units."""

import torch
from torch import Tensor, nn

WORDS, WIDTH, LAYERS, STEPS = 10_000, 650, 2, 35


def build() -> nn.Module:
    """Return the network."""
    return Recurrent()


def inputs(batch: int) -> tuple[Tensor, ...]:
    """Return sequences of 35 words."""
    return (torch.randint(0, WORDS, (batch, STEPS)),)


class Recurrent(nn.Module):
    """Words in, the scores of the next words out."""

    def __init__(self) -> None:
        """Make embedding, recurrent layers and head."""
        super().__init__()
        self.words = nn.Embedding(WORDS, WIDTH)
        self.layers = nn.LSTM(WIDTH, WIDTH, LAYERS, batch_first=True)
        self.head = nn.Linear(WIDTH, WORDS)

    def forward(self, tokens: Tensor) -> Tensor:
        """Return the scores of all words after each step."""
        found, _ = self.layers(self.words(tokens))
        scores: Tensor = self.head(found)
        return scores
