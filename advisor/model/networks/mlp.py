"""A perceptron for tables: 28 features, three layers of 1,024 (Gorishniy et al., 2106.11959)."""

import torch
from torch import Tensor, nn

FEATURES, WIDTH = 28, 1024


def build() -> nn.Module:
    """Return the network."""
    layers: list[nn.Module] = []
    for inputs in (FEATURES, WIDTH, WIDTH):
        layers += [nn.Linear(inputs, WIDTH), nn.ReLU(), nn.Dropout(0.1)]
    return nn.Sequential(*layers, nn.Linear(WIDTH, 1))


def inputs(batch: int) -> tuple[Tensor, ...]:
    """Return rows of a table."""
    return (torch.randn(batch, FEATURES),)
