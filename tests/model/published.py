"""Networks as their papers describe them, written for the tests in torch's own modules."""

from torch import nn

from advisor.model.networks import cnn, cnn_mobile


class Basic(nn.Module):
    """Two 3×3 convolutions beside a shortcut (arXiv:1512.03385, figure 5, left)."""

    def __init__(self, inputs, width, stride):
        super().__init__()
        self.residual = nn.Sequential(
            cnn._convolved(inputs, width, 3, stride), nn.ReLU(), cnn._convolved(width, width, 3)
        )
        changed = stride > 1 or inputs != width
        self.shortcut = cnn._convolved(inputs, width, 1, stride) if changed else nn.Identity()

    def forward(self, x):
        return nn.functional.relu(self.residual(x) + self.shortcut(x))


def residual(blocks, *, deep):
    made, wide = (cnn.Bottleneck, 4) if deep else (Basic, 1)
    layers, inputs = [cnn._convolved(3, 64, 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1)], 64
    for stage, count in enumerate(blocks):
        for block in range(count):
            width = 64 * 2**stage
            layers.append(made(inputs, width, 2 if stage and not block else 1))
            inputs = width * wide
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 1000))


def vgg16():
    layers, inputs = [], 3
    for width, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(count):
            layers += [nn.Conv2d(inputs, width, 3, padding=1), nn.ReLU()]
            inputs = width
        layers.append(nn.MaxPool2d(2))
    head = [nn.Linear(512 * 49, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU()]
    return nn.Sequential(*layers, nn.Flatten(), *head, nn.Linear(4096, 1000))


def alexnet():
    shapes = ((3, 64, 11, 4, 2), (64, 192, 5, 1, 2), (192, 384, 3, 1, 1), (384, 256, 3, 1, 1),
              (256, 256, 3, 1, 1))  # fmt: skip
    layers = []
    for i, shape in enumerate(shapes):
        layers += [nn.Conv2d(*shape), nn.ReLU()] + ([nn.MaxPool2d(3, 2)] if i in {0, 1, 4} else [])
    head = [nn.Linear(256 * 36, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU()]
    return nn.Sequential(*layers, nn.Flatten(), *head, nn.Linear(4096, 1000))


class Dense(nn.Module):
    """A layer whose output is joined to its input (arXiv:1608.06993)."""

    def __init__(self, inputs, growth=32):
        super().__init__()
        self.layers = nn.Sequential(
            nn.BatchNorm2d(inputs), nn.ReLU(), nn.Conv2d(inputs, 4 * growth, 1, bias=False),
            nn.BatchNorm2d(4 * growth), nn.ReLU(),
            nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False),
        )  # fmt: skip

    def forward(self, x):
        import torch

        return torch.cat([x, self.layers(x)], 1)


def densenet121():
    layers, width = [cnn._convolved(3, 64, 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1)], 64
    for stage, count in enumerate((6, 12, 24, 16)):
        for _ in range(count):
            layers.append(Dense(width))
            width += 32
        if stage < 3:
            layers += [
                nn.BatchNorm2d(width),
                nn.ReLU(),
                nn.Conv2d(width, width // 2, 1, bias=False),
            ]
            layers.append(nn.AvgPool2d(2))
            width //= 2
    tail = [nn.BatchNorm2d(width), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    return nn.Sequential(*layers, *tail, nn.Linear(width, 1000))


class Modern(nn.Module):
    """A block of ConvNeXt (arXiv:2201.03545), channels last inside."""

    def __init__(self, width):
        super().__init__()
        import torch

        self.deep = nn.Conv2d(width, width, 7, padding=3, groups=width)
        self.inner = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )
        self.scale = nn.Parameter(torch.ones(width))

    def forward(self, x):
        y = self.inner(self.deep(x).permute(0, 2, 3, 1)) * self.scale
        return x + y.permute(0, 3, 1, 2)


class Normal(nn.LayerNorm):
    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


def convnext_tiny():
    layers = [nn.Conv2d(3, 96, 4, 4), Normal(96)]
    for width, count in ((96, 3), (192, 3), (384, 9), (768, 3)):
        if width > 96:
            layers += [Normal(width // 2), nn.Conv2d(width // 2, width, 2, 2)]
        layers += [Modern(width) for _ in range(count)]
    return nn.Sequential(
        *layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.LayerNorm(768), nn.Linear(768, 1000)
    )


# Parameters, and G multiply-adds for an image of 224 × 224 pixels, as docs.pytorch.org/vision
# gives them for the network of each name; the papers are named beside the blocks.
NETWORKS = {
    "resnet18": (lambda: residual((2, 2, 2, 2), deep=False), 11_689_512, 1.81),
    "resnet34": (lambda: residual((3, 4, 6, 3), deep=False), 21_797_672, 3.66),
    "resnet50": (cnn.build, 25_557_032, 4.09),
    "resnet101": (lambda: residual((3, 4, 23, 3), deep=True), 44_549_160, 7.80),
    "resnet152": (lambda: residual((3, 8, 36, 3), deep=True), 60_192_808, 11.51),
    "vgg16": (vgg16, 138_357_544, 15.47),
    "alexnet": (alexnet, 61_100_840, 0.71),
    "densenet121": (densenet121, 7_978_856, 2.83),
    "mobilenet_v2": (cnn_mobile.build, 3_504_872, 0.30),
    "convnext_tiny": (convnext_tiny, 28_589_128, 4.46),
}
