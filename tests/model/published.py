"""Networks as their papers describe them, written for the tests in torch's own modules."""

import torch
from torch import nn

from advisor.model.networks import cnn, cnn_mobile, vit


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


class Grouped(nn.Module):
    """A bottleneck whose middle is wider, or in groups (arXiv:1611.05431, arXiv:1605.07146)."""

    def __init__(self, inputs, width, stride, *, groups=1):
        super().__init__()
        outputs = 2 * width
        middle = cnn._convolved(width, width, 3, stride)
        middle[0] = nn.Conv2d(width, width, 3, stride, 1, groups=groups, bias=False)
        self.residual = nn.Sequential(
            cnn._convolved(inputs, width, 1), nn.ReLU(), middle, nn.ReLU(),
            cnn._convolved(width, outputs, 1),
        )  # fmt: skip
        changed = stride > 1 or inputs != outputs
        self.shortcut = cnn._convolved(inputs, outputs, 1, stride) if changed else nn.Identity()

    def forward(self, x):
        return nn.functional.relu(self.residual(x) + self.shortcut(x))


def grouped(groups):
    layers, inputs = [cnn._convolved(3, 64, 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1)], 64
    for stage, count in enumerate((3, 4, 6, 3)):
        for block in range(count):
            width = 128 * 2**stage
            stride = 2 if stage and not block else 1
            layers.append(Grouped(inputs, width, stride, groups=groups))
            inputs = 2 * width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, 1000))


def residual(blocks, *, deep):
    made, wide = (cnn.Bottleneck, 4) if deep else (Basic, 1)
    layers, inputs = [cnn._convolved(3, 64, 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1)], 64
    for stage, count in enumerate(blocks):
        for block in range(count):
            width = 64 * 2**stage
            layers.append(made(inputs, width, 2 if stage and not block else 1))
            inputs = width * wide
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 1000))


def vgg(*counts):
    layers, inputs = [], 3
    for width, count in zip((64, 128, 256, 512, 512), counts, strict=True):
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
        return torch.cat([x, self.layers(x)], 1)


def densenet(*counts):
    layers, width = [cnn._convolved(3, 64, 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1)], 64
    for stage, count in enumerate(counts):
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


def convnext(*counts):
    layers = [nn.Conv2d(3, 96, 4, 4), Normal(96)]
    for width, count in zip((96, 192, 384, 768), counts, strict=True):
        if width > 96:
            layers += [Normal(width // 2), nn.Conv2d(width // 2, width, 2, 2)]
        layers += [Modern(width) for _ in range(count)]
    return nn.Sequential(
        *layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.LayerNorm(768), nn.Linear(768, 1000)
    )


class Squeezed(nn.Module):
    """An inverted bottleneck with squeezing (arXiv:1905.11946)."""

    def __init__(self, inputs, outputs, grow, size, stride):
        super().__init__()
        wide, self.same = inputs * grow, stride == 1 and inputs == outputs
        deep = cnn._convolved(wide, wide, size, stride)
        deep[0] = nn.Conv2d(wide, wide, size, stride, size // 2, groups=wide, bias=False)
        first = [cnn._convolved(inputs, wide, 1), nn.SiLU()] if grow > 1 else []
        self.deep = nn.Sequential(*first, deep, nn.SiLU())
        self.gate = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Conv2d(wide, inputs // 4, 1), nn.SiLU(),
            nn.Conv2d(inputs // 4, wide, 1), nn.Sigmoid(),
        )  # fmt: skip
        self.out = cnn._convolved(wide, outputs, 1)

    def forward(self, x):
        y = self.deep(x)
        y = self.out(y * self.gate(y))
        return x + y if self.same else y


# (growth, side of the kernel, stride, width, blocks): table 1.
EFFICIENT = ((1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3),
             (6, 5, 1, 112, 3), (6, 5, 2, 192, 4), (6, 3, 1, 320, 1))  # fmt: skip


def efficientnet_b0():
    layers, inputs = [cnn._convolved(3, 32, 3, 2), nn.SiLU()], 32
    for grow, size, stride, width, count in EFFICIENT:
        for block in range(count):
            layers.append(Squeezed(inputs, width, grow, size, 1 if block else stride))
            inputs = width
    layers += [cnn._convolved(320, 1280, 1), nn.SiLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    return nn.Sequential(*layers, nn.Linear(1280, 1000))


class Windowed(nn.Module):
    """Attention inside windows of 7 × 7 places, shifted or not (arXiv:2103.14030)."""

    def __init__(self, width, shift):
        super().__init__()
        self.heads, self.shift = width // 32, shift
        self.before, self.after = nn.LayerNorm(width), nn.LayerNorm(width)
        self.mix, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.near = nn.Parameter(torch.zeros(13 * 13, self.heads))
        self.inner = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def _attend(self, x):
        n, side, _, width = x.shape
        x = x.unflatten(1, (-1, 7)).unflatten(3, (-1, 7)).transpose(2, 3).reshape(-1, 49, width)
        q, k, v = self.mix(x).unflatten(-1, (3, self.heads, 32)).permute(2, 0, 3, 1, 4)
        bias = self.near[:49].repeat(49, 1).unflatten(0, (49, 49)).permute(2, 0, 1)
        y = ((q * 32**-0.5 @ k.transpose(-2, -1) + bias).softmax(-1) @ v).transpose(1, 2)
        y = self.out(y.reshape(-1, 49, width)).view(n, side // 7, side // 7, 7, 7, width)
        return y.transpose(2, 3).reshape(n, side, side, width)

    def forward(self, x):
        y = torch.roll(self.before(x), (-self.shift, -self.shift), (1, 2))
        x = x + torch.roll(self._attend(y), (self.shift, self.shift), (1, 2))
        return x + self.inner(self.after(x))


class Merged(nn.Module):
    """Four neighbours become one place of twice the width."""

    def __init__(self, width):
        super().__init__()
        self.norm, self.less = nn.LayerNorm(4 * width), nn.Linear(4 * width, 2 * width, bias=False)

    def forward(self, x):
        corners = [x[:, i::2, j::2] for j in (0, 1) for i in (0, 1)]
        return self.less(self.norm(torch.cat(corners, -1)))


class Last(nn.Module):
    """Puts the channels last."""

    def forward(self, x):
        return x.permute(0, 2, 3, 1)


class Mean(nn.Module):
    """The mean over all places."""

    def forward(self, x):
        return x.mean((1, 2))


def swin_t():
    layers = [nn.Conv2d(3, 96, 4, 4), Last(), nn.LayerNorm(96)]
    for width, count in ((96, 2), (192, 2), (384, 6), (768, 2)):
        layers += [Merged(width // 2)] if width > 96 else []
        layers += [Windowed(width, 3 * (i % 2)) for i in range(count)]
    return nn.Sequential(*layers, nn.LayerNorm(768), Mean(), nn.Linear(768, 1000))


class Fire(nn.Module):
    """A narrow convolution, then two side by side (arXiv:1602.07360)."""

    def __init__(self, inputs, narrow, each):
        super().__init__()
        self.narrow = nn.Conv2d(inputs, narrow, 1)
        self.one, self.three = nn.Conv2d(narrow, each, 1), nn.Conv2d(narrow, each, 3, padding=1)

    def forward(self, x):
        y = torch.relu(self.narrow(x))
        return torch.cat([torch.relu(self.one(y)), torch.relu(self.three(y))], 1)


def squeezenet():
    def pool():
        return nn.MaxPool2d(3, 2, ceil_mode=True)

    layers, inputs = [nn.Conv2d(3, 96, 7, 2), nn.ReLU(), pool()], 96
    for i, (narrow, each) in enumerate(((16, 64), (16, 64), (32, 128), (32, 128), (48, 192),
                                        (48, 192), (64, 256), (64, 256))):  # fmt: skip
        layers += [Fire(inputs, narrow, each)] + ([pool()] if i in {2, 6} else [])
        inputs = 2 * each
    head = [nn.Conv2d(512, 1000, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    return nn.Sequential(*layers, *head)


# Parameters, and G multiply-adds for an image of 224 × 224 pixels, as docs.pytorch.org/vision
# gives them for the network of each name (``num_params`` and ``_ops`` of its weights); the papers
# are named beside the blocks.
NETWORKS = {
    "resnet18": (lambda: residual((2, 2, 2, 2), deep=False), 11_689_512, 1.81),
    "resnet34": (lambda: residual((3, 4, 6, 3), deep=False), 21_797_672, 3.66),
    "resnet50": (cnn.build, 25_557_032, 4.09),
    "resnet101": (lambda: residual((3, 4, 23, 3), deep=True), 44_549_160, 7.80),
    "resnet152": (lambda: residual((3, 8, 36, 3), deep=True), 60_192_808, 11.51),
    "resnext50_32x4d": (lambda: grouped(32), 25_028_904, 4.23),
    "wide_resnet50_2": (lambda: grouped(1), 68_883_240, 11.398),
    "vgg16": (lambda: vgg(2, 2, 3, 3, 3), 138_357_544, 15.47),
    "vgg19": (lambda: vgg(2, 2, 4, 4, 4), 143_667_240, 19.632),
    "alexnet": (alexnet, 61_100_840, 0.71),
    "squeezenet1_0": (squeezenet, 1_248_424, 0.819),
    "densenet121": (lambda: densenet(6, 12, 24, 16), 7_978_856, 2.83),
    "densenet169": (lambda: densenet(6, 12, 32, 32), 14_149_480, 3.36),
    "mobilenet_v2": (cnn_mobile.build, 3_504_872, 0.30),
    "efficientnet_b0": (efficientnet_b0, 5_288_548, 0.386),
    "convnext_tiny": (lambda: convnext(3, 3, 9, 3), 28_589_128, 4.46),
    "convnext_small": (lambda: convnext(3, 3, 27, 3), 50_223_688, 8.684),
    "swin_t": (swin_t, 28_288_354, 4.491),
    "vit_b_16": (vit.build, 86_567_656, 17.56),
}
