"""Networks besides the named ones, to score predictions on: ``score_here.py --strangers``.

The predictor was last changed while looking at them: a blind test needs new ones.
Each factory returns a network and the inputs of one sample, as `verify` takes from users.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn

Made = tuple[nn.Module, tuple[Tensor, ...]]


class Joined(nn.Module):
    """Concatenates its input and what a part makes of it, as DenseNet does."""

    def __init__(self, part: nn.Module) -> None:
        super().__init__()
        self.part = part

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x, self.part(x)], 1)


class Added(nn.Module):
    """Adds what a part makes of its input to it."""

    def __init__(self, part: nn.Module) -> None:
        super().__init__()
        self.part = part

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x + self.part(x)
        return out


class Squeezed(nn.Module):
    """Scales channels by what a small network makes of their means."""

    def __init__(self, width: int, inner: int, act: type[nn.Module] = nn.ReLU) -> None:
        super().__init__()
        self.gate = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Conv2d(width, inner, 1), act(),
            nn.Conv2d(inner, width, 1), nn.Sigmoid(),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x * self.gate(x)
        return out


class Swapped(nn.Module):
    """Runs a part on its input with two dimensions exchanged."""

    def __init__(self, part: nn.Module, a: int, b: int) -> None:
        super().__init__()
        self.part, self.a, self.b = part, a, b

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.part(x.transpose(self.a, self.b)).transpose(self.a, self.b)
        return out


class Turned(nn.Module):
    """Exchanges the last two dimensions."""

    def forward(self, x: Tensor) -> Tensor:
        return x.transpose(1, 2)


class First(nn.Module):
    """Keeps the first output of a recurrent layer."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.layer(x)[0]
        return out


def dense() -> Made:
    """Dense blocks of 6, 12 and 24 layers on 160 × 160 pixels."""
    width, layers = 64, [nn.Conv2d(3, 64, 7, 2, 3), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2)]
    for depth in (6, 12, 24):
        for _ in range(depth):
            layers.append(Joined(nn.Sequential(
                nn.BatchNorm2d(width), nn.ReLU(), nn.Conv2d(width, 128, 1, bias=False),
                nn.BatchNorm2d(128), nn.ReLU(), nn.Conv2d(128, 32, 3, 1, 1, bias=False),
            )))  # fmt: skip
            width += 32
        layers += [
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width // 2, 1),
            nn.AvgPool2d(2),
        ]
        width //= 2
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, 1000)]
    return nn.Sequential(*layers, *head), (torch.randn(1, 3, 160, 160),)


def grouped() -> Made:
    """Bottlenecks with 32 groups and squeezing, at 192 × 192 pixels."""

    def block(width: int) -> nn.Module:
        return nn.Sequential(Added(nn.Sequential(
            nn.Conv2d(width, width // 2, 1, bias=False), nn.BatchNorm2d(width // 2), nn.ReLU(),
            nn.Conv2d(width // 2, width // 2, 3, 1, 1, groups=32, bias=False),
            nn.BatchNorm2d(width // 2), nn.ReLU(),
            nn.Conv2d(width // 2, width, 1, bias=False), nn.BatchNorm2d(width),
            Squeezed(width, width // 16),
        )), nn.ReLU())  # fmt: skip

    layers: list[nn.Module] = [nn.Conv2d(3, 64, 7, 2, 3), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    inputs = 64
    for width, depth in ((256, 3), (512, 4), (1024, 6)):
        layers += [nn.Conv2d(inputs, width, 1, 1 if inputs == 64 else 2), nn.BatchNorm2d(width)]
        layers += [block(width) for _ in range(depth)]
        inputs = width
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1024, 1000)]
    return nn.Sequential(*layers, *head), (torch.randn(1, 3, 192, 192),)


def mixer() -> Made:
    """An all-perceptron mixer of 8 layers over 196 patches."""

    def mlp(width: int, inner: int) -> nn.Module:
        return nn.Sequential(nn.Linear(width, inner), nn.GELU(), nn.Linear(inner, width))

    layers = [nn.Conv2d(3, 384, 16, 16), nn.Flatten(2), Turned()]
    for _ in range(8):
        layers.append(Added(nn.Sequential(nn.LayerNorm(384), Swapped(mlp(196, 192), 1, 2))))
        layers.append(Added(nn.Sequential(nn.LayerNorm(384), mlp(384, 1536))))
    return nn.Sequential(*layers), (torch.randn(1, 3, 224, 224),)


class Unet(nn.Module):
    """Down and up again, with what was seen on the way down."""

    def __init__(self, widths: tuple[int, ...]) -> None:
        super().__init__()
        pairs = list(zip((3, *widths), widths, strict=False))
        self.down = nn.ModuleList(self._twice(a, b) for a, b in pairs)
        back = list(zip(widths[:0:-1], widths[-2::-1], strict=True))
        self.grow = nn.ModuleList(nn.ConvTranspose2d(a, b, 2, 2) for a, b in back)
        self.up = nn.ModuleList(self._twice(2 * b, b) for _, b in back)
        self.head = nn.Conv2d(widths[0], 4, 1)

    @staticmethod
    def _twice(a: int, b: int) -> nn.Module:
        return nn.Sequential(
            nn.Conv2d(a, b, 3, 1, 1), nn.BatchNorm2d(b), nn.ReLU(),
            nn.Conv2d(b, b, 3, 1, 1), nn.BatchNorm2d(b), nn.ReLU(),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        seen = []
        for i, part in enumerate(self.down):
            x = part(x if i == 0 else nn.functional.max_pool2d(x, 2))
            seen.append(x)
        for grow, up, old in zip(self.grow, self.up, seen[-2::-1], strict=True):
            x = up(torch.cat([grow(x), old], 1))
        out: Tensor = self.head(x)
        return out


def unet() -> Made:
    """Segmentation of 128 × 128 pixels."""
    return Unet((32, 64, 128, 256)), (torch.randn(1, 3, 128, 128),)


class Attending(nn.Module):
    """Multi-head attention on itself, causal or not."""

    def __init__(self, width: int, heads: int, *, causal: bool) -> None:
        super().__init__()
        self.heads, self.causal = heads, causal
        self.mix, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        n, steps, width = x.shape
        q, k, v = (
            part.view(n, steps, self.heads, width // self.heads).transpose(1, 2)
            for part in self.mix(x).chunk(3, -1)
        )
        y = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
        found: Tensor = self.out(y.transpose(1, 2).reshape(n, steps, width))
        return found


def _former(width: int, heads: int, depth: int, *, causal: bool) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for _ in range(depth):
        mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))
        attend = Attending(width, heads, causal=causal)
        layers += [Added(nn.Sequential(nn.LayerNorm(width), attend))]
        layers += [Added(nn.Sequential(nn.LayerNorm(width), mlp))]
    return layers


def causal() -> Made:
    """A causal transformer of 6 layers of 512 over 128 tokens, 8,000 words."""
    layers = [nn.Embedding(8000, 512), *_former(512, 8, 6, causal=True), nn.LayerNorm(512)]
    return nn.Sequential(*layers, nn.Linear(512, 8000)), (torch.randint(0, 8000, (1, 128)),)


def tagger() -> Made:
    """A bidirectional LSTM over 64 words."""
    lstm = nn.LSTM(200, 256, 2, batch_first=True, bidirectional=True)
    net = nn.Sequential(nn.Embedding(20_000, 200), First(lstm), nn.Linear(512, 30))
    return net, (torch.randint(0, 20_000, (1, 64)),)


def gated() -> Made:
    """A GRU over 120 frames of 80 sound features, after a convolution."""
    front = Swapped(nn.Sequential(nn.Conv1d(80, 256, 5, 2, 2), nn.ReLU()), 1, 2)
    gru = First(nn.GRU(256, 384, 2, batch_first=True))
    return nn.Sequential(front, gru, nn.Linear(384, 48)), (torch.randn(1, 120, 80),)


def dilated() -> Made:
    """Dilated convolutions over 4,000 samples of sound."""
    layers: list[nn.Module] = [nn.Conv1d(1, 64, 3, 1, 1)]
    for i in range(12):
        gap = 2 ** (i % 6)
        layers.append(Added(nn.Sequential(
            nn.Conv1d(64, 128, 3, 1, gap, gap), nn.Tanh(), nn.Conv1d(128, 64, 1)
        )))  # fmt: skip
    return nn.Sequential(*layers, nn.ReLU(), nn.Conv1d(64, 256, 1)), (torch.randn(1, 1, 4000),)


class Cloud(nn.Module):
    """The maximum over points of what a perceptron makes of each."""

    def __init__(self) -> None:
        super().__init__()
        widths = (3, 64, 64, 128, 1024)
        self.points = nn.Sequential(*[
            layer for a, b in pairwise(widths)
            for layer in (nn.Conv1d(a, b, 1), nn.BatchNorm1d(b), nn.ReLU())
        ])  # fmt: skip
        self.head = nn.Sequential(nn.Linear(1024, 512), nn.ReLU(), nn.Linear(512, 40))

    def forward(self, x: Tensor) -> Tensor:
        found: Tensor = self.head(self.points(x).amax(2))
        return found


def cloud() -> Made:
    """A thousand points of three coordinates."""
    return Cloud(), (torch.randn(1, 3, 1024),)


def sharper() -> Made:
    """Super-resolution: residual blocks of 48 channels at 96 × 96, then pixels shuffled."""
    block = [
        Added(nn.Sequential(nn.Conv2d(48, 48, 3, 1, 1), nn.ReLU(), nn.Conv2d(48, 48, 3, 1, 1)))
        for _ in range(8)
    ]
    tail = [nn.Conv2d(48, 192, 3, 1, 1), nn.PixelShuffle(2), nn.Conv2d(48, 3, 3, 1, 1)]
    return nn.Sequential(nn.Conv2d(3, 48, 3, 1, 1), *block, *tail), (torch.randn(1, 3, 96, 96),)


def inverted() -> Made:
    """Inverted bottlenecks with squeezing and SiLU, at 160 × 160 pixels."""

    def block(a: int, b: int, side: int, stride: int) -> nn.Module:
        part = nn.Sequential(
            nn.Conv2d(a, 6 * a, 1, bias=False), nn.BatchNorm2d(6 * a), nn.SiLU(),
            nn.Conv2d(6 * a, 6 * a, side, stride, side // 2, groups=6 * a, bias=False),
            nn.BatchNorm2d(6 * a), nn.SiLU(), Squeezed(6 * a, max(a // 4, 4), nn.SiLU),
            nn.Conv2d(6 * a, b, 1, bias=False), nn.BatchNorm2d(b),
        )  # fmt: skip
        return Added(part) if a == b and stride == 1 else part

    layers: list[nn.Module] = [nn.Conv2d(3, 24, 3, 2, 1), nn.BatchNorm2d(24), nn.SiLU()]
    inputs = 24
    for width, side, depth in ((32, 3, 2), (48, 5, 2), (96, 3, 3), (160, 5, 3)):
        for i in range(depth):
            layers.append(block(inputs, width, side, 2 if i == 0 else 1))
            inputs = width
    head = [nn.Conv2d(160, 960, 1), nn.SiLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    return nn.Sequential(*layers, *head, nn.Linear(960, 1000)), (torch.randn(1, 3, 160, 160),)


class Wide(nn.Module):
    """A depthwise window of 7 × 7, then a perceptron on channels that lie last."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.window = nn.Conv2d(width, width, 7, 1, 3, groups=width)
        self.norm = nn.LayerNorm(width)
        self.mlp = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def forward(self, x: Tensor) -> Tensor:
        y = self.mlp(self.norm(self.window(x).permute(0, 2, 3, 1)))
        out: Tensor = x + y.permute(0, 3, 1, 2)
        return out


def windows() -> Made:
    """Large depthwise windows with perceptrons, at 160 × 160 pixels."""
    layers: list[nn.Module] = [nn.Conv2d(3, 64, 4, 4)]
    for a, b, depth in ((64, 128, 2), (128, 256, 4), (256, 512, 2)):
        layers += [Wide(a) for _ in range(depth)] + [nn.Conv2d(a, b, 2, 2)]
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 1000)]
    return nn.Sequential(*layers, *head), (torch.randn(1, 3, 160, 160),)


class Sentences(nn.Module):
    """Windows of 3, 4 and 5 words, the strongest of each."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(30_000, 128)
        self.windows = nn.ModuleList(nn.Conv1d(128, 100, n) for n in (3, 4, 5))
        self.head = nn.Linear(300, 5)

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.words(tokens).transpose(1, 2)
        found = [torch.relu(window(x)).amax(2) for window in self.windows]
        out: Tensor = self.head(torch.cat(found, 1))
        return out


def sentences() -> Made:
    """Sixty words in, five classes out."""
    return Sentences(), (torch.randint(0, 30_000, (1, 60)),)


def coder() -> Made:
    """An autoencoder of perceptrons over 4,096 numbers."""
    widths = (4096, 2048, 512, 64, 512, 2048, 4096)
    layers: list[nn.Module] = []
    for a, b in pairwise(widths):
        layers += [nn.Linear(a, b), nn.LeakyReLU()]
    return nn.Sequential(*layers), (torch.randn(1, 4096),)


class Translator(nn.Module):
    """Torch's own encoder and decoder."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(10_000, 256)
        self.both = nn.Transformer(256, 4, 3, 3, 1024, 0.0, batch_first=True)
        self.head = nn.Linear(256, 10_000)

    def forward(self, here: Tensor, there: Tensor) -> Tensor:
        out: Tensor = self.head(self.both(self.words(here), self.words(there)))
        return out


def translator() -> Made:
    """Sixty-four words in, as many out."""
    return Translator(), tuple(torch.randint(0, 10_000, (1, 64)) for _ in range(2))


def small() -> Made:
    """A plain stack of convolutions on 32 × 32 pixels."""
    layers: list[nn.Module] = []
    inputs = 3
    for width in (64, 0, 128, 0, 256, 256, 0, 512, 512, 0):
        if width:
            layers += [
                nn.Conv2d(inputs, width, 3, 1, 1),
                nn.BatchNorm2d(width),
                nn.ReLU(inplace=True),
            ]
            inputs = width
        else:
            layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(2048, 10)), (torch.randn(1, 3, 32, 32),)


NAMES = ("dense", "grouped", "mixer", "unet", "causal", "tagger", "gated", "dilated", "cloud",
         "sharper", "inverted", "windows", "sentences", "coder", "translator", "small")  # fmt: skip
