"""Networks written last of all, on which no setting was chosen: `score_here` asks them first.

Each factory returns a network and the inputs of one sample, as ``--workload module:factory`` takes.
"""

from itertools import pairwise

import torch
from strangers import Made
from torch import Tensor, nn

NAMES = ("hybrid", "heard", "mixer", "dense", "triplet", "vae", "rays", "clips", "seq",
         "wide")  # fmt: skip


class Mixed(nn.Module):
    """Convolutions around a transformer layer over the places of the map."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.near = nn.Sequential(nn.Conv2d(width, width, 3, 1, 1, groups=width), nn.SiLU(),
                                  nn.Conv2d(width, inner, 1))  # fmt: skip
        self.far = nn.TransformerEncoderLayer(inner, 4, 2 * inner, 0.0, "gelu", batch_first=True)
        self.back = nn.Conv2d(inner, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        found = self.near(x)
        n, c, h, w = found.shape
        found = self.far(found.flatten(2).transpose(1, 2)).transpose(1, 2).reshape(n, c, h, w)
        out: Tensor = x + self.back(found)
        return out


def hybrid() -> Made:
    """Pictures of 192 × 192: strided convolutions, and attention where the maps are small."""
    layers: list[nn.Module] = []
    for a, b in pairwise((3, 32, 64, 96)):
        layers += [nn.Conv2d(a, b, 3, 2, 1), nn.BatchNorm2d(b), nn.SiLU()]
    layers += [Mixed(96, 144), Mixed(96, 144), nn.Conv2d(96, 160, 3, 2, 1), Mixed(160, 192)]
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(160, 200)]
    return nn.Sequential(*layers, *head), (torch.randn(1, 3, 192, 192),)


class Heard(nn.Module):
    """Spoken commands: convolutions over a spectrogram, a GRU both ways, its mean."""

    def __init__(self) -> None:
        super().__init__()
        self.front = nn.Sequential(nn.Conv1d(80, 192, 5, 2, 2), nn.BatchNorm1d(192), nn.ReLU(),
                                   nn.Conv1d(192, 192, 5, 1, 2), nn.ReLU())  # fmt: skip
        self.both = nn.GRU(192, 128, batch_first=True, bidirectional=True)
        self.head = nn.Linear(256, 35)

    def forward(self, x: Tensor) -> Tensor:
        steps = self.front(x).transpose(1, 2)
        out: Tensor = self.head(self.both(steps)[0].mean(1))
        return out


def heard() -> Made:
    """A second of sound in 100 frames."""
    return Heard(), (torch.randn(1, 80, 100),)


class Mixing(nn.Module):
    """Two perceptrons: along the places, then along the channels."""

    def __init__(self, places: int, width: int) -> None:
        super().__init__()
        self.along = nn.Sequential(nn.Linear(places, 2 * places), nn.GELU(),
                                   nn.Linear(2 * places, places))  # fmt: skip
        self.across = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(),
                                    nn.Linear(4 * width, width))  # fmt: skip
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.along(self.first(x).transpose(1, 2)).transpose(1, 2)
        out: Tensor = x + self.across(self.second(x))
        return out


def mixer() -> Made:
    """Patches of 16 × 16, eight layers of perceptrons."""
    return nn.Sequential(nn.Conv2d(3, 256, 16, 16), nn.Flatten(2), Turn(),
                         *[Mixing(196, 256) for _ in range(8)],
                         nn.LayerNorm(256), nn.Linear(256, 100)), (
        torch.randn(1, 3, 224, 224),)  # fmt: skip


class Turn(nn.Module):
    """Channels last."""

    def forward(self, x: Tensor) -> Tensor:
        return x.transpose(1, 2)


class Grown(nn.Module):
    """Each layer sees what all before it made."""

    def __init__(self, width: int, layers: int, grown: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Sequential(nn.BatchNorm2d(width + i * grown), nn.ReLU(),
                          nn.Conv2d(width + i * grown, grown, 3, 1, 1, bias=False))
            for i in range(layers)
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = torch.cat((x, layer(x)), 1)
        return x


def dense() -> Made:
    """Pictures of 96 × 96, three blocks of six layers."""
    layers: list[nn.Module] = [nn.Conv2d(3, 48, 3, 2, 1)]
    width = 48
    for _ in range(3):
        layers += [Grown(width, 6, 24), nn.Conv2d(width + 144, 96, 1), nn.AvgPool2d(2)]
        width = 96
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(96, 10)]
    return nn.Sequential(*layers, *head), (torch.randn(1, 3, 96, 96),)


class Triplet(nn.Module):
    """One encoder looks at three pictures; their codes are compared."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for a, b in pairwise((1, 32, 64, 128)):
            layers += [nn.Conv2d(a, b, 3, 1, 1), nn.ReLU(), nn.MaxPool2d(2)]
        self.code = nn.Sequential(*layers, nn.Flatten(), nn.Linear(128 * 14 * 14, 64))

    def forward(self, one: Tensor, like: Tensor, unlike: Tensor) -> Tensor:
        a, b, c = self.code(one), self.code(like), self.code(unlike)
        near, far = (a - b).pow(2).sum(1), (a - c).pow(2).sum(1)
        return (near - far + 0.2).relu()


def triplet() -> Made:
    """Three grey pictures of 112 × 112."""
    one, like, unlike = (torch.randn(1, 1, 112, 112) for _ in range(3))
    return Triplet(), (one, like, unlike)


class Variational(nn.Module):
    """A picture as a cloud in a small space, and back."""

    def __init__(self) -> None:
        super().__init__()
        down: list[nn.Module] = []
        for a, b in pairwise((3, 32, 64, 128)):
            down += [nn.Conv2d(a, b, 4, 2, 1), nn.LeakyReLU(0.2)]
        up: list[nn.Module] = []
        for a, b in pairwise((128, 64, 32)):
            up += [nn.ConvTranspose2d(a, b, 4, 2, 1), nn.ReLU()]
        self.down = nn.Sequential(*down, nn.Flatten(), nn.Linear(128 * 64, 2 * 64))
        self.up = nn.Sequential(nn.Linear(64, 128 * 64), nn.Unflatten(1, (128, 8, 8)), *up,
                                nn.ConvTranspose2d(32, 3, 4, 2, 1))  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        mean, width = self.down(x).chunk(2, 1)
        out: Tensor = self.up(mean + torch.randn_like(mean) * (0.5 * width).exp())
        return out


def vae() -> Made:
    """Pictures of 64 × 64."""
    return Variational(), (torch.randn(1, 3, 64, 64),)


class Rays(nn.Module):
    """Places along rays as waves, a perceptron with a shortcut, colours and densities."""

    def __init__(self, width: int = 128) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.Linear(63, width), nn.ReLU(), nn.Linear(width, width),
                                   nn.ReLU(), nn.Linear(width, width), nn.ReLU())  # fmt: skip
        self.second = nn.Sequential(nn.Linear(width + 63, width), nn.ReLU(),
                                    nn.Linear(width, 4))  # fmt: skip
        self.register_buffer("pitch", 2.0 ** torch.arange(10))

    def forward(self, x: Tensor) -> Tensor:
        turned = (x.unsqueeze(-1) * self.get_buffer("pitch")).flatten(-2)
        waves = torch.cat((x, turned.sin(), turned.cos()), -1)
        out: Tensor = self.second(torch.cat((self.first(waves), waves), -1))
        return out


def rays() -> Made:
    """Sixty-four places on each of 32 rays."""
    return Rays(), (torch.randn(1, 2048, 3),)


def clips() -> Made:
    """Eight frames of 56 × 56: convolutions over space and time."""
    layers: list[nn.Module] = []
    for a, b in pairwise((3, 32, 64, 128)):
        layers += [nn.Conv3d(a, b, 3, 1, 1), nn.BatchNorm3d(b), nn.ReLU(),
                   nn.MaxPool3d((1, 2, 2) if a == 3 else 2)]  # fmt: skip
    head = [nn.AdaptiveAvgPool3d(1), nn.Flatten(), nn.Linear(128, 50)]
    return nn.Sequential(*layers, *head), (torch.randn(1, 3, 8, 56, 56),)


class Sequence(nn.Module):
    """A small causal transformer whose head is its table."""

    def __init__(self, words: int = 12_000, width: int = 256, length: int = 96) -> None:
        super().__init__()
        self.words, self.places = nn.Embedding(words, width), nn.Embedding(length, width)
        layer = nn.TransformerEncoderLayer(width, 4, 4 * width, 0.1, "gelu", batch_first=True,
                                           norm_first=True)  # fmt: skip
        self.layers = nn.TransformerEncoder(layer, 4, enable_nested_tensor=False)
        self.register_buffer("later", nn.Transformer.generate_square_subsequent_mask(length))

    def forward(self, words: Tensor) -> Tensor:
        x = self.words(words) + self.places(torch.arange(words.shape[1], device=words.device))
        x = self.layers(x, mask=self.get_buffer("later"))
        return nn.functional.linear(x, self.words.weight)


def seq() -> Made:
    """Ninety-six words."""
    return Sequence(), (torch.randint(0, 12_000, (1, 96)),)


class Wide(nn.Module):
    """Bags of words from three tables beside dense columns."""

    def __init__(self, rows: int = 30_000, width: int = 48) -> None:
        super().__init__()
        self.bags = nn.ModuleList(nn.EmbeddingBag(rows, width) for _ in range(3))
        self.deep = nn.Sequential(nn.Linear(3 * width + 20, 256), nn.ReLU(), nn.Dropout(0.1),
                                  nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 1))  # fmt: skip
        self.line = nn.Linear(20, 1)

    def forward(self, words: Tensor, columns: Tensor) -> Tensor:
        found = [bag(words[:, i]) for i, bag in enumerate(self.bags)]
        out: Tensor = self.deep(torch.cat((*found, columns), 1)) + self.line(columns)
        return out


def wide() -> Made:
    """Three bags of sixteen words, twenty columns."""
    return Wide(), (torch.randint(0, 30_000, (1, 3, 16)), torch.randn(1, 20))
