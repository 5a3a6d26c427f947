"""ViT-B/16 (Dosovitskiy et al., arXiv:2010.11929, table 1) at 224 × 224 pixels."""

import torch
from torch import Tensor, nn

from advisor.model.networks.blocks import Layer

WIDTH, LAYERS, HEADS, PATCH, SIDE = 768, 12, 12, 16, 224


def build(classes: int = 1000) -> nn.Module:
    """Return the network."""
    return Vit(classes)


def inputs(batch: int) -> tuple[Tensor, ...]:
    """Return images of 224 × 224 pixels."""
    return (torch.randn(batch, 3, SIDE, SIDE),)


class Vit(nn.Module):
    """Patches and a class token through a transformer's encoder."""

    def __init__(self, classes: int) -> None:
        """Make the patches, the positions, the layers and the head."""
        super().__init__()
        self.patches = nn.Conv2d(3, WIDTH, PATCH, PATCH)
        self.token = nn.Parameter(torch.zeros(1, 1, WIDTH))
        self.positions = nn.Parameter(torch.zeros(1, (SIDE // PATCH) ** 2 + 1, WIDTH))
        self.layers = nn.Sequential(*(Layer(WIDTH, HEADS, 4 * WIDTH) for _ in range(LAYERS)))
        self.norm = nn.LayerNorm(WIDTH)
        self.head = nn.Linear(WIDTH, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Classify by the class token."""
        patches = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(len(x), -1, -1), patches], 1) + self.positions
        found: Tensor = self.head(self.norm(self.layers(x))[:, 0])
        return found
