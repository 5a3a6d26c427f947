"""A DLRM (Naumov et al., arXiv:1906.00091) of the size of its Criteo benchmark, tables cut short.

26 tables of 100,000 rows × 64 stand for the hashed categories; rows do not change the arithmetic.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn

TABLES, ROWS, WIDTH, DENSE = 26, 100_000, 64, 13


def build() -> nn.Module:
    """Return the network."""
    return Recommender()


def inputs(batch: int) -> tuple[Tensor, ...]:
    """Return dense features, and one category of each table."""
    return torch.randn(batch, DENSE), torch.randint(0, ROWS, (batch, TABLES))


class Recommender(nn.Module):
    """Dense features and embeddings meet in pairwise products."""

    def __init__(self) -> None:
        """Make both perceptrons and the tables."""
        super().__init__()
        self.bottom = _perceptron(DENSE, 512, 256, WIDTH)
        self.tables = nn.ModuleList(nn.Embedding(ROWS, WIDTH) for _ in range(TABLES))
        pairs = (TABLES + 1) * TABLES // 2
        self.top = _perceptron(WIDTH + pairs, 512, 256, 1)
        found = torch.tril_indices(TABLES + 1, TABLES + 1, -1)
        self.register_buffer("pairs", found[0] * (TABLES + 1) + found[1])

    def forward(self, dense: Tensor, categories: Tensor) -> Tensor:
        """Return the score of a click."""
        x = self.bottom(dense)
        found = [table(categories[:, i]) for i, table in enumerate(self.tables)]
        stacked = torch.stack([x, *found], 1)
        products = torch.bmm(stacked, stacked.transpose(1, 2)).flatten(1)
        score: Tensor = self.top(torch.cat([x, products[:, self.pairs]], 1))
        return score


def _perceptron(*widths: int) -> nn.Module:
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(widths):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1])
