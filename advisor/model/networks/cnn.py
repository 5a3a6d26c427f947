"""ResNet-50 (He et al., arXiv:1512.03385, table 1), with the stride in the 3×3 convolution."""

import torch
from torch import Tensor, nn

# (width of the 3×3 convolution, blocks) of the four stages.
STAGES = ((64, 3), (128, 4), (256, 6), (512, 3))
EXPANSION = 4


def build(classes: int = 1000) -> nn.Module:
    """Return the network."""
    layers: list[nn.Module] = [
        _convolved(3, 64, 7, 2),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(3, 2, 1),
    ]
    inputs = 64
    for stage, (width, blocks) in enumerate(STAGES):
        for block in range(blocks):
            stride = 2 if stage and not block else 1
            layers.append(Bottleneck(inputs, width, stride))
            inputs = width * EXPANSION
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, classes)]
    return nn.Sequential(*layers)


def inputs(batch: int) -> tuple[Tensor, ...]:
    """Return images of 224 × 224 pixels."""
    return (torch.randn(batch, 3, 224, 224),)


def _convolved(inputs: int, outputs: int, size: int, stride: int = 1) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False), nn.BatchNorm2d(outputs)
    )


class Bottleneck(nn.Module):
    """1×1, 3×3 and 1×1 convolutions beside a shortcut."""

    def __init__(self, inputs: int, width: int, stride: int) -> None:
        """Make the shortcut a projection where the shape changes."""
        super().__init__()
        outputs = width * EXPANSION
        self.residual = nn.Sequential(
            _convolved(inputs, width, 1),
            nn.ReLU(inplace=True),
            _convolved(width, width, 3, stride),
            nn.ReLU(inplace=True),
            _convolved(width, outputs, 1),
        )
        changed = stride != 1 or inputs != outputs
        self.shortcut = _convolved(inputs, outputs, 1, stride) if changed else nn.Identity()
        self.activation = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        """Add the residual."""
        found: Tensor = self.activation(self.residual(x) + self.shortcut(x))
        return found
