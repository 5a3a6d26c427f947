"""A graph network: two GraphSAGE layers (Hamilton et al., arXiv:1706.02216), neighbours sampled.

A sample is one node with 25 neighbours and 10 neighbours of each: gathers, not large products.
"""

import torch
from torch import Tensor, nn

NODES, FEATURES, WIDTH, FIRST, SECOND, CLASSES = 169_343, 128, 256, 25, 10, 40


def build() -> nn.Module:
    """Return the network, with the nodes' features (ogbn-arxiv: 169,343 × 128)."""
    return Sage()


def inputs(batch: int) -> tuple[Tensor, ...]:
    """Return nodes, their neighbours, and the neighbours' neighbours."""
    shapes = ((batch,), (batch, FIRST), (batch, FIRST, SECOND))
    return tuple(torch.randint(0, NODES, shape) for shape in shapes)


class Sage(nn.Module):
    """Joins each node with the mean of its neighbours, twice."""

    def __init__(self) -> None:
        """Make the features and both layers."""
        super().__init__()
        self.register_buffer("features", torch.zeros(NODES, FEATURES))
        self.first = nn.Linear(2 * FEATURES, WIDTH)
        self.second = nn.Linear(2 * WIDTH, CLASSES)

    def forward(self, nodes: Tensor, near: Tensor, far: Tensor) -> Tensor:
        """Classify the nodes."""
        own, around, beyond = (self._gathered(index) for index in (nodes, near, far))
        centre = torch.relu(self.first(torch.cat([own, around.mean(1)], -1)))
        others = torch.relu(self.first(torch.cat([around, beyond.mean(2)], -1)))
        scores: Tensor = self.second(torch.cat([centre, others.mean(1)], -1))
        return scores

    def _gathered(self, index: Tensor) -> Tensor:
        return nn.functional.embedding(index, self.get_buffer("features"))
