"""SSD300 with VGG-16 (Liu et al., arXiv:1512.02325, section 2 and figure 2): boxes and classes."""

import torch
from torch import Tensor, nn

CLASSES = 21
# Convolutions up to conv4_3, and from pool4 to fc7; M is a 2×2 pooling, C one that rounds up.
FRONT = (64, 64, "M", 128, 128, "M", 256, 256, 256, "C", 512, 512, 512)
# (channels, boxes a place) of the six maps that are looked at.
MAPS = ((512, 4), (1024, 6), (512, 6), (256, 6), (256, 4), (256, 4))


def build() -> nn.Module:
    """Return the network."""
    return Detector()


def inputs(batch: int) -> tuple[Tensor, ...]:
    """Return images of 300 × 300 pixels."""
    return (torch.randn(batch, 3, 300, 300),)


def _front() -> nn.Module:
    layers: list[nn.Module] = []
    inputs = 3
    for item in FRONT:
        if isinstance(item, int):
            layers += [nn.Conv2d(inputs, item, 3, 1, 1), nn.ReLU(inplace=True)]
            inputs = item
        else:
            layers.append(nn.MaxPool2d(2, 2, ceil_mode=item == "C"))
    return nn.Sequential(*layers)


def _middle() -> nn.Module:
    layers: list[nn.Module] = [nn.MaxPool2d(2, 2)]
    for _ in range(3):
        layers += [nn.Conv2d(512, 512, 3, 1, 1), nn.ReLU(inplace=True)]
    layers += [nn.MaxPool2d(3, 1, 1), nn.Conv2d(512, 1024, 3, 1, 6, 6), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers, nn.Conv2d(1024, 1024, 1), nn.ReLU(inplace=True))


def _extra(inputs: int, inner: int, outputs: int, stride: int) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(inputs, inner, 1), nn.ReLU(inplace=True),
        nn.Conv2d(inner, outputs, 3, stride, stride - 1), nn.ReLU(inplace=True),
    )  # fmt: skip


class Detector(nn.Module):
    """Six maps of falling size, each looked at by two convolutions."""

    def __init__(self) -> None:
        """Make the trunk and the heads."""
        super().__init__()
        extras = (_extra(1024, 256, 512, 2), _extra(512, 128, 256, 2))
        last = (_extra(256, 128, 256, 1) for _ in range(2))
        self.trunk = nn.ModuleList([_front(), _middle(), *extras, *last])
        self.boxes = nn.ModuleList(nn.Conv2d(c, 4 * n, 3, 1, 1) for c, n in MAPS)
        self.classes = nn.ModuleList(nn.Conv2d(c, CLASSES * n, 3, 1, 1) for c, n in MAPS)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return four numbers and the scores of 21 classes for 8,732 boxes."""
        boxes, classes = [], []
        for part, where, what in zip(self.trunk, self.boxes, self.classes, strict=True):
            x = part(x)
            boxes.append(where(x).permute(0, 2, 3, 1).flatten(1))
            classes.append(what(x).permute(0, 2, 3, 1).flatten(1))
        return torch.cat(boxes, 1).unflatten(1, (-1, 4)), torch.cat(classes, 1).unflatten(
            1, (-1, CLASSES)
        )
