"""MobileNetV2 (Sandler et al., arXiv:1801.04381, table 2): inverted residuals, depthwise 3×3."""

import torch
from torch import Tensor, nn

# (expansion, channels, blocks, stride of the first) of each group.
GROUPS = (
    *((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2)),
    *((6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)),
)


def build(classes: int = 1000) -> nn.Module:
    """Return the network."""
    layers: list[nn.Module] = [_convolved(3, 32, 3, stride=2)]
    inputs = 32
    for expansion, outputs, blocks, stride in GROUPS:
        for block in range(blocks):
            layers.append(Inverted(inputs, outputs, expansion, 1 if block else stride))
            inputs = outputs
    layers += [_convolved(inputs, 1280, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    return nn.Sequential(*layers, nn.Dropout(0.2), nn.Linear(1280, classes))


def inputs(batch: int) -> tuple[Tensor, ...]:
    """Return images of 224 × 224 pixels."""
    return (torch.randn(batch, 3, 224, 224),)


def _convolved(inputs: int, outputs: int, size: int, stride: int = 1, groups: int = 1) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, size // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU6(inplace=True),
    )


class Inverted(nn.Module):
    """Widen by 1×1, filter each channel by 3×3, narrow by 1×1 without an activation."""

    def __init__(self, inputs: int, outputs: int, expansion: int, stride: int) -> None:
        """Leave the widening out where there is none."""
        super().__init__()
        hidden = inputs * expansion
        layers = [_convolved(inputs, hidden, 1)] if expansion != 1 else []
        layers.append(_convolved(hidden, hidden, 3, stride, groups=hidden))
        layers += [nn.Conv2d(hidden, outputs, 1, bias=False), nn.BatchNorm2d(outputs)]
        self.layers = nn.Sequential(*layers)
        self.shortcut = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        """Add the input where the shape is kept."""
        found: Tensor = self.layers(x)
        return x + found if self.shortcut else found
