"""Networks on which no setting was chosen either, written when `outsiders` had been looked at.

Each factory returns a network and the inputs of one sample, as ``--workload module:factory`` takes.
"""

from itertools import pairwise

import torch
from strangers import Made
from torch import Tensor, nn

NAMES = ("spoken", "slots", "flow", "codec", "verses", "sets", "poses", "denoiser", "columns",
         "slopes")  # fmt: skip


class Spoken(nn.Module):
    """Half a perceptron, attention, a depthwise convolution over time, half a perceptron."""

    def __init__(self, width: int = 144, heads: int = 4, window: int = 15) -> None:
        super().__init__()
        self.first, self.last = self._half(width), self._half(width)
        self.norm = nn.LayerNorm(width)
        self.looks = nn.MultiheadAttention(width, heads, batch_first=True)
        self.before, self.after = nn.LayerNorm(width), nn.LayerNorm(width)
        self.open = nn.Conv1d(width, 2 * width, 1)
        self.near = nn.Sequential(nn.Conv1d(width, width, window, 1, window // 2, groups=width),
                                  nn.BatchNorm1d(width), nn.SiLU(),
                                  nn.Conv1d(width, width, 1))  # fmt: skip

    @staticmethod
    def _half(width: int) -> nn.Module:
        return nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 4 * width), nn.SiLU(),
                             nn.Linear(4 * width, width))  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        x = x + 0.5 * self.first(x)
        seen = self.norm(x)
        x = x + self.looks(seen, seen, seen, need_weights=False)[0]
        x = x + self.near(
            nn.functional.glu(self.open(self.before(x).transpose(1, 2)), 1)
        ).transpose(1, 2)
        out: Tensor = self.after(x + 0.5 * self.last(x))
        return out


def spoken() -> Made:
    """Three seconds of sound in 300 frames, a fourth of them after two convolutions."""
    front = [nn.Conv1d(80, 144, 3, 2, 1), nn.ReLU(), nn.Conv1d(144, 144, 3, 2, 1), nn.ReLU()]
    layers = [Spoken() for _ in range(6)]
    return nn.Sequential(*front, Turned(), *layers, nn.Linear(144, 256)), (
        torch.randn(1, 80, 300),)  # fmt: skip


class Turned(nn.Module):
    """Channels last."""

    def forward(self, x: Tensor) -> Tensor:
        return x.transpose(1, 2)


class Slots(nn.Module):
    """A few slots compete for what is seen, three times over."""

    def __init__(self, width: int = 64, slots: int = 6) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for a, b in pairwise((3, width, width, width)):
            layers += [nn.Conv2d(a, b, 5, 2 if a == width else 1, 2), nn.ReLU()]
        self.see, self.norm = nn.Sequential(*layers), nn.LayerNorm(width)
        self.start = nn.Parameter(torch.randn(1, slots, width))
        self.ask, self.key, self.tell = (nn.Linear(width, width, bias=False) for _ in range(3))
        self.turn, self.head = nn.GRUCell(width, width), nn.Linear(width, 10)

    def forward(self, x: Tensor) -> Tensor:
        seen = self.norm(self.see(x).flatten(2).transpose(1, 2))
        keys, told = self.key(seen), self.tell(seen)
        slots = self.start.expand(x.shape[0], -1, -1)
        for _ in range(3):
            shares = (self.ask(slots) @ keys.transpose(1, 2)).softmax(1)
            shares = shares / shares.sum(-1, keepdim=True)
            found = self.turn((shares @ told).flatten(0, 1), slots.flatten(0, 1))
            slots = found.reshape(slots.shape)
        out: Tensor = self.head(slots)
        return out


def slots() -> Made:
    """Pictures of 64 × 64."""
    return Slots(), (torch.randn(1, 3, 64, 64),)


class Flow(nn.Module):
    """One perceptron says where to go; eight steps of the midpoint rule go there."""

    def __init__(self, size: int = 48, width: int = 192) -> None:
        super().__init__()
        self.slope = nn.Sequential(nn.Linear(size + 1, width), nn.Tanh(), nn.Linear(width, width),
                                   nn.Tanh(), nn.Linear(width, size))  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        for step in range(8):
            now = torch.full_like(x[:, :1], step / 8)
            half = x + self.slope(torch.cat((x, now), 1)) / 16
            x = x + self.slope(torch.cat((half, now), 1)) / 8
        return x


def flow() -> Made:
    """Forty-eight numbers."""
    return Flow(), (torch.randn(1, 48),)


class Codec(nn.Module):
    """Sound pressed to codes: the nearest of 512 of each place is what is handed on."""

    def __init__(self, width: int = 96, codes: int = 512) -> None:
        super().__init__()
        down: list[nn.Module] = [nn.Conv1d(1, 24, 7, 1, 3), nn.ELU()]
        up: list[nn.Module] = []
        for a, b in pairwise((24, 48, width)):
            down += [nn.Conv1d(a, b, 8, 4, 2), nn.ELU()]
            up = [nn.ConvTranspose1d(b, a, 8, 4, 2), nn.ELU(), *up]
        self.down, self.up = nn.Sequential(*down), nn.Sequential(*up, nn.Conv1d(24, 1, 7, 1, 3))
        self.codes = nn.Embedding(codes, width)

    def forward(self, x: Tensor) -> Tensor:
        found = self.down(x).transpose(1, 2)
        table = self.codes.weight
        apart = found.pow(2).sum(-1, keepdim=True) - 2 * found @ table.T + table.pow(2).sum(-1)
        nearest = self.codes(apart.argmin(-1))
        out: Tensor = self.up((found + (nearest - found).detach()).transpose(1, 2))
        return out


def codec() -> Made:
    """Half a second of sound, 8,000 samples."""
    return Codec(), (torch.randn(1, 1, 8000),)


class Verses(nn.Module):
    """Letters through a GRU of two layers."""

    def __init__(self, letters: int = 120, width: int = 384) -> None:
        super().__init__()
        self.letters, self.head = nn.Embedding(letters, 128), nn.Linear(width, letters)
        self.reads = nn.GRU(128, width, num_layers=2, batch_first=True)

    def forward(self, letters: Tensor) -> Tensor:
        out: Tensor = self.head(self.reads(self.letters(letters))[0])
        return out


def verses() -> Made:
    """A hundred and sixty letters."""
    return Verses(), (torch.randint(0, 120, (1, 160)),)


class Sets(nn.Module):
    """Blocks of attention over an unordered set, without places, then one query."""

    def __init__(self, width: int = 128, heads: int = 4) -> None:
        super().__init__()
        self.first, self.head = nn.Linear(12, width), nn.Linear(width, 5)
        self.blocks = nn.ModuleList(nn.MultiheadAttention(width, heads, batch_first=True)
                                    for _ in range(4))  # fmt: skip
        self.after = nn.ModuleList(nn.Sequential(nn.Linear(width, width), nn.ReLU())
                                   for _ in range(4))  # fmt: skip
        self.query = nn.Parameter(torch.randn(1, 1, width))

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        for looks, after in zip(self.blocks[:3], self.after, strict=False):
            x = x + looks(x, x, x, need_weights=False)[0]
            x = x + after(x)
        query = self.query.expand(x.shape[0], -1, -1)
        out: Tensor = self.head(self.blocks[3](query, x, x, need_weights=False)[0][:, 0])
        return out


def sets() -> Made:
    """Two hundred and fifty points of twelve numbers."""
    return Sets(), (torch.randn(1, 250, 12),)


class Glass(nn.Module):
    """Down and up again, with residual blocks at each size, as an hourglass."""

    def __init__(self, width: int, depth: int) -> None:
        super().__init__()
        self.beside, self.down, self.up = self._block(width), self._block(width), self._block(width)
        self.inner = Glass(width, depth - 1) if depth > 1 else self._block(width)

    @staticmethod
    def _block(width: int) -> nn.Module:
        return nn.Sequential(nn.Conv2d(width, width // 2, 1), nn.ReLU(),
                             nn.Conv2d(width // 2, width // 2, 3, 1, 1), nn.ReLU(),
                             nn.Conv2d(width // 2, width, 1), nn.BatchNorm2d(width))  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        low = nn.functional.max_pool2d(x, 2)
        low = self.up(self.inner(low + self.down(low)))
        out: Tensor = x + self.beside(x) + nn.functional.interpolate(low, scale_factor=2.0)
        return out


def poses() -> Made:
    """Sixteen heat maps of a picture of 128 × 128."""
    front = [nn.Conv2d(3, 64, 7, 2, 3), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2),
             nn.Conv2d(64, 128, 1)]  # fmt: skip
    return nn.Sequential(*front, Glass(128, 3), nn.Conv2d(128, 16, 1)), (
        torch.randn(1, 3, 128, 128),)  # fmt: skip


class Noisy(nn.Module):
    """Two convolutions, to whose middle the time is added."""

    def __init__(self, width: int, out: int, timed: int) -> None:
        super().__init__()
        self.one = nn.Sequential(nn.GroupNorm(8, width), nn.SiLU(), nn.Conv2d(width, out, 3, 1, 1))
        self.two = nn.Sequential(nn.GroupNorm(8, out), nn.SiLU(), nn.Conv2d(out, out, 3, 1, 1))
        self.when, self.skip = nn.Linear(timed, out), nn.Conv2d(width, out, 1)

    def forward(self, x: Tensor, when: Tensor) -> Tensor:
        out: Tensor = self.skip(x) + self.two(self.one(x) + self.when(when)[..., None, None])
        return out


class Denoiser(nn.Module):
    """A small U of three sizes that is told the time."""

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        sizes = (width, 2 * width, 4 * width)
        self.when = nn.Sequential(nn.Linear(32, 128), nn.SiLU(), nn.Linear(128, 128))
        self.front, self.back = nn.Conv2d(3, width, 3, 1, 1), nn.Conv2d(width, 3, 3, 1, 1)
        self.down = nn.ModuleList(Noisy(a, b, 128) for a, b in pairwise((width, *sizes)))
        ups = ((4 * width, 2 * width), (2 * width, width))
        self.up = nn.ModuleList(Noisy(a + b, b, 128) for a, b in ups)
        self.register_buffer("pitch", 10 ** torch.linspace(0, 3, 16))

    def forward(self, x: Tensor, time: Tensor) -> Tensor:
        turned = time * self.get_buffer("pitch")
        when = self.when(torch.cat((turned.sin(), turned.cos()), -1))
        x, kept = self.front(x), []
        for block in self.down:
            x = block(nn.functional.avg_pool2d(x, 2) if kept else x, when)
            kept.append(x)
        for block, beside in zip(self.up, (kept[1], kept[0]), strict=True):
            x = nn.functional.interpolate(x, scale_factor=2.0)
            x = block(torch.cat((x, beside), 1), when)
        out: Tensor = self.back(x)
        return out


def denoiser() -> Made:
    """Pictures of 48 × 48 and a time."""
    return Denoiser(), (torch.randn(1, 3, 48, 48), torch.rand(1, 1))


class Columns(nn.Module):
    """Each column of a table is a word; a transformer looks at all of them."""

    def __init__(self, kinds: int = 10, numbers: int = 14, width: int = 32) -> None:
        super().__init__()
        self.kinds = nn.ModuleList(nn.Embedding(200, width) for _ in range(kinds))
        self.slope = nn.Parameter(torch.randn(numbers, width))
        self.level = nn.Parameter(torch.randn(numbers, width))
        layer = nn.TransformerEncoderLayer(width, 4, 4 * width, 0.0, "gelu", batch_first=True,
                                           norm_first=True)  # fmt: skip
        self.layers = nn.TransformerEncoder(layer, 3, enable_nested_tensor=False)
        self.head = nn.Linear(width, 2)

    def forward(self, kinds: Tensor, numbers: Tensor) -> Tensor:
        words = [table(kinds[:, i]) for i, table in enumerate(self.kinds)]
        values = numbers.unsqueeze(-1) * self.slope + self.level
        x = self.layers(torch.cat((torch.stack(words, 1), values), 1))
        out: Tensor = self.head(x.mean(1))
        return out


def columns() -> Made:
    """Ten kinds and fourteen numbers."""
    return Columns(), (torch.randint(0, 200, (1, 10)), torch.randn(1, 14))


class Sloped(nn.Module):
    """Attention whose scores fall with the distance of the words, RMS norm, a perceptron."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.first, self.second = nn.RMSNorm(width), nn.RMSNorm(width)
        self.all, self.out = nn.Linear(width, 3 * width, bias=False), nn.Linear(width, width)
        self.wide = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU("tanh"),
                                  nn.Linear(4 * width, width))  # fmt: skip

    def forward(self, x: Tensor, slope: Tensor) -> Tensor:
        n, length, width = x.shape
        parts = self.all(self.first(x)).reshape(n, length, 3, self.heads, -1)
        q, k, v = parts.permute(2, 0, 3, 1, 4).unbind()
        found = nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=slope)
        x = x + self.out(found.transpose(1, 2).reshape(n, length, width))
        out: Tensor = x + self.wide(self.second(x))
        return out


class Slopes(nn.Module):
    """A decoder of 4 layers of 320 without places."""

    def __init__(
        self, words: int = 6000, width: int = 320, heads: int = 5, most: int = 192
    ) -> None:
        super().__init__()
        self.words, self.head = nn.Embedding(words, width), nn.Linear(width, words, bias=False)
        self.layers = nn.ModuleList(Sloped(width, heads) for _ in range(4))
        place = torch.arange(most)
        apart = (place[None] - place[:, None]).float()
        steep = 2.0 ** -torch.arange(1, heads + 1).float()
        slope = steep[:, None, None] * apart
        self.register_buffer("slope", slope.masked_fill(apart > 0, float("-inf")))

    def forward(self, words: Tensor) -> Tensor:
        x = self.words(words)
        for layer in self.layers:
            x = layer(x, self.get_buffer("slope"))
        out: Tensor = self.head(x)
        return out


def slopes() -> Made:
    """A hundred and ninety-two words."""
    return Slopes(), (torch.randint(0, 6000, (1, 192)),)
