"""The network of deep Q-learning on Atari (Mnih et al., Nature 518, 2015, methods)."""

import torch
from torch import Tensor, nn


def build(actions: int = 18) -> nn.Module:
    """Return the network."""
    return nn.Sequential(
        nn.Conv2d(4, 32, 8, 4), nn.ReLU(),
        nn.Conv2d(32, 64, 4, 2), nn.ReLU(),
        nn.Conv2d(64, 64, 3, 1), nn.ReLU(),
        nn.Flatten(), nn.Linear(3136, 512), nn.ReLU(), nn.Linear(512, actions),
    )  # fmt: skip


def inputs(batch: int) -> tuple[Tensor, ...]:
    """Return four frames of 84 × 84."""
    return (torch.randn(batch, 4, 84, 84),)
