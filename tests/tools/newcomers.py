"""Networks written after the predictor was last changed, to score it blind.

The kinds are not those of `strangers`. Each factory returns a network and the inputs of one sample.
"""

from itertools import pairwise

import torch
from strangers import Added, Made
from torch import Tensor, nn
from torch.nn import functional


def _shrink(a: int, b: int) -> nn.Module:
    return nn.Sequential(nn.Conv2d(a, b, 3, 2, 1), nn.ReLU())


def normed() -> Made:
    """Residual blocks with group norm before each convolution, at 128 × 128 pixels."""

    def block(width: int) -> nn.Module:
        return Added(nn.Sequential(
            nn.GroupNorm(16, width), nn.ReLU(), nn.Conv2d(width, width, 3, 1, 1, bias=False),
            nn.GroupNorm(16, width), nn.ReLU(), nn.Conv2d(width, width, 3, 1, 1, bias=False),
        ))  # fmt: skip

    layers: list[nn.Module] = [nn.Conv2d(3, 48, 5, 2, 2)]
    for a, b in pairwise((48, 96, 192, 320)):
        layers += [block(a), block(a), _shrink(a, b)]
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(320, 200)]
    return nn.Sequential(*layers, block(320), *head), (torch.randn(1, 3, 128, 128),)


class Masked(nn.Module):
    """Words and places, torch's own encoder layers with padding masked, and a pooled first word."""

    def __init__(self, width: int = 320, words: int = 24_000, steps: int = 160) -> None:
        super().__init__()
        self.words, self.places = nn.Embedding(words, width), nn.Embedding(steps, width)
        self.norm = nn.LayerNorm(width)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(width, 5, 4 * width, 0.0, "gelu", batch_first=True)
            for _ in range(5)
        )
        self.pool, self.head = nn.Linear(width, width), nn.Linear(width, 3)

    def forward(self, tokens: Tensor) -> Tensor:
        places = torch.arange(tokens.shape[1], device=tokens.device)
        x = self.norm(self.words(tokens) + self.places(places))
        for layer in self.layers:
            x = layer(x, src_key_padding_mask=tokens == 0)
        out: Tensor = self.head(torch.tanh(self.pool(x[:, 0])))
        return out


def reader() -> Made:
    """A post-norm encoder of 5 layers of 320 over 160 words."""
    return Masked(), (torch.randint(1, 24_000, (1, 160)),)


class Looking(nn.Module):
    """A decoder layer that attends to itself, then to something else."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(3))
        self.itself = nn.MultiheadAttention(width, heads, batch_first=True)
        self.other = nn.MultiheadAttention(width, heads, batch_first=True)
        self.mlp = nn.Sequential(
            nn.Linear(width, 3 * width), nn.SiLU(), nn.Linear(3 * width, width)
        )

    def forward(self, x: Tensor, seen: Tensor) -> Tensor:
        y = self.norms[0](x)
        x = x + self.itself(y, y, y, need_weights=False)[0]
        x = x + self.other(self.norms[1](x), seen, seen, need_weights=False)[0]
        out: Tensor = x + self.mlp(self.norms[2](x))
        return out


class Captions(nn.Module):
    """Convolutions see a picture; words are written while looking at it."""

    def __init__(self) -> None:
        super().__init__()
        self.eye = nn.Sequential(
            _shrink(3, 32), _shrink(32, 64), _shrink(64, 128), _shrink(128, 192)
        )
        self.words = nn.Embedding(6000, 192)
        self.layers = nn.ModuleList(Looking(192, 6) for _ in range(4))
        self.head = nn.Linear(192, 6000, bias=False)

    def forward(self, picture: Tensor, words: Tensor) -> Tensor:
        seen = self.eye(picture).flatten(2).transpose(1, 2)
        x = self.words(words)
        for layer in self.layers:
            x = layer(x, seen)
        out: Tensor = self.head(x)
        return out


def captions() -> Made:
    """A picture of 144 × 144 pixels and 24 words."""
    return Captions(), (torch.randn(1, 3, 144, 144), torch.randint(0, 6000, (1, 24)))


class Message(nn.Module):
    """Nodes gather from the ends of their edges what a perceptron makes of both."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.edge = nn.Sequential(nn.Linear(2 * width, width), nn.ReLU(), nn.Linear(width, width))
        self.node = nn.Linear(2 * width, width)

    def forward(self, x: Tensor, source: Tensor, target: Tensor) -> Tensor:
        wide = (-1, -1, x.shape[2])
        here, there = (x.gather(1, ends[..., None].expand(wide)) for ends in (target, source))
        said = self.edge(torch.cat([here, there], 2))
        heard = torch.zeros_like(x).scatter_add(1, target[..., None].expand(wide), said)
        return x + torch.relu(self.node(torch.cat([x, heard], 2)))


class Molecules(nn.Module):
    """Messages along the edges of a graph, then the mean of its nodes."""

    def __init__(self, width: int = 96) -> None:
        super().__init__()
        self.start = nn.Linear(32, width)
        self.rounds = nn.ModuleList(Message(width) for _ in range(4))
        self.head = nn.Linear(width, 12)

    def forward(self, nodes: Tensor, source: Tensor, target: Tensor) -> Tensor:
        x = self.start(nodes)
        for one in self.rounds:
            x = one(x, source, target)
        out: Tensor = self.head(x.mean(1))
        return out


def molecules() -> Made:
    """Four hundred nodes and 2,400 edges."""
    ends = (torch.randint(0, 400, (1, 2400)) for _ in range(2))
    return Molecules(), (torch.randn(1, 400, 32), *ends)


class Wave(nn.Module):
    """Gated causal convolutions, ever further back, with the sum of what each one adds."""

    def __init__(self, width: int = 48, depth: int = 16) -> None:
        super().__init__()
        self.start = nn.Conv1d(1, width, 1)
        self.gaps = [2 ** (i % 8) for i in range(depth)]
        self.gates = nn.ModuleList(nn.Conv1d(width, 2 * width, 2, dilation=g) for g in self.gaps)
        self.on = nn.ModuleList(nn.Conv1d(width, width, 1) for _ in self.gaps)
        self.aside = nn.ModuleList(nn.Conv1d(width, 128, 1) for _ in self.gaps)
        self.head = nn.Sequential(
            nn.ReLU(), nn.Conv1d(128, 128, 1), nn.ReLU(), nn.Conv1d(128, 64, 1)
        )

    def forward(self, x: Tensor) -> Tensor:
        x, total = self.start(x), torch.zeros((), device=x.device)
        for gap, gate, on, aside in zip(self.gaps, self.gates, self.on, self.aside, strict=True):
            level, opening = gate(functional.pad(x, (gap, 0))).chunk(2, 1)
            y = torch.tanh(level) * torch.sigmoid(opening)
            x, total = x + on(y), total + aside(y)
        out: Tensor = self.head(total)
        return out


def wave() -> Made:
    """Three thousand samples of sound."""
    return Wave(), (torch.randn(1, 1, 3000),)


class Fire(nn.Module):
    """A narrow convolution, then two wide ones side by side."""

    def __init__(self, width: int, narrow: int, each: int) -> None:
        super().__init__()
        self.narrow = nn.Conv2d(width, narrow, 1)
        self.one, self.three = nn.Conv2d(narrow, each, 1), nn.Conv2d(narrow, each, 3, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        y = torch.relu(self.narrow(x))
        return torch.cat([torch.relu(self.one(y)), torch.relu(self.three(y))], 1)


def fires() -> Made:
    """Fire blocks at 176 × 176 pixels."""
    layers: list[nn.Module] = [nn.Conv2d(3, 64, 3, 2), nn.ReLU(), nn.MaxPool2d(3, 2)]
    inputs = 64
    for narrow, each in ((16, 64), (16, 64), (32, 128), (0, 0), (32, 128), (48, 192), (64, 256)):
        if each:
            layers.append(Fire(inputs, narrow, each))
            inputs = 2 * each
        else:
            layers.append(nn.MaxPool2d(3, 2))
    head = [nn.Conv2d(512, 300, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    return nn.Sequential(*layers, *head), (torch.randn(1, 3, 176, 176),)


class Shuffle(nn.Module):
    """Half of the channels go by; the other half is worked on; then they are shuffled."""

    def __init__(self, width: int) -> None:
        super().__init__()
        half = width // 2
        self.part = nn.Sequential(
            nn.Conv2d(half, half, 1, bias=False), nn.BatchNorm2d(half), nn.ReLU(),
            nn.Conv2d(half, half, 3, 1, 1, groups=half, bias=False), nn.BatchNorm2d(half),
            nn.Conv2d(half, half, 1, bias=False), nn.BatchNorm2d(half), nn.ReLU(),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        a, b = x.chunk(2, 1)
        y = torch.cat([a, self.part(b)], 1)
        n, c, h, w = y.shape
        return y.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)


def shuffled() -> Made:
    """Shuffled half-blocks at 192 × 192 pixels."""
    layers: list[nn.Module] = [nn.Conv2d(3, 32, 3, 2, 1), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    for a, b, depth in ((32, 96, 3), (96, 192, 6), (192, 384, 3)):
        layers += [_shrink(a, b), *(Shuffle(b) for _ in range(depth))]
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(384, 100)]
    return nn.Sequential(*layers, *head), (torch.randn(1, 3, 192, 192),)


class Shifted(nn.Module):
    """Attention inside windows of 7 × 7 places, which every other block shifts."""

    def __init__(self, width: int, heads: int, shift: int) -> None:
        super().__init__()
        self.heads, self.shift = heads, shift
        self.before, self.after = nn.LayerNorm(width), nn.LayerNorm(width)
        self.mix, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.bias = nn.Parameter(torch.zeros(heads, 49, 49))
        self.mlp = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def _attend(self, x: Tensor) -> Tensor:
        n, side, _, width = x.shape
        cut = side // 7
        x = x.view(n, cut, 7, cut, 7, width).transpose(2, 3).reshape(-1, 49, width)
        shape = (x.shape[0], 49, self.heads, width // self.heads)
        q, k, v = (part.view(shape).transpose(1, 2) for part in self.mix(x).chunk(3, -1))
        weights = (q @ k.transpose(-2, -1) * shape[3] ** -0.5 + self.bias).softmax(-1)
        y = self.out((weights @ v).transpose(1, 2).reshape(-1, 49, width))
        y = y.view(n, cut, cut, 7, 7, width).transpose(2, 3)
        found: Tensor = y.reshape(n, side, side, width)
        return found

    def forward(self, x: Tensor) -> Tensor:
        y = torch.roll(self.before(x), (-self.shift, -self.shift), (1, 2))
        x = x + torch.roll(self._attend(y), (self.shift, self.shift), (1, 2))
        out: Tensor = x + self.mlp(self.after(x))
        return out


class Merged(nn.Module):
    """Channels last: four neighbours become one place."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.less = nn.Linear(4 * width, 2 * width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        corners = [x[:, i::2, j::2] for i in (0, 1) for j in (0, 1)]
        out: Tensor = self.less(torch.cat(corners, -1))
        return out


class Windows(nn.Module):
    """Patches of 4 × 4 pixels, shifted windows, twice merged."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = nn.Conv2d(3, 64, 4, 4)
        stages: list[nn.Module] = []
        for width in (64, 128, 256):
            stages += [Shifted(width, width // 32, 0), Shifted(width, width // 32, 3)]
            stages += [Merged(width)] if width < 256 else []
        self.stages, self.head = nn.Sequential(*stages), nn.Linear(256, 500)

    def forward(self, x: Tensor) -> Tensor:
        y = self.stages(self.patch(x).permute(0, 2, 3, 1))
        out: Tensor = self.head(y.mean((1, 2)))
        return out


def shifted() -> Made:
    """Shifted windows at 224 × 224 pixels."""
    return Windows(), (torch.randn(1, 3, 224, 224),)


def film() -> Made:
    """Convolutions in space and time over 8 frames of 64 × 64 pixels."""
    layers: list[nn.Module] = []
    for (a, b), pool in zip(
        pairwise((3, 24, 48, 96)), ((1, 2, 2), (2, 2, 2), (2, 2, 2)), strict=True
    ):
        layers += [nn.Conv3d(a, b, 3, 1, 1), nn.BatchNorm3d(b), nn.ReLU(), nn.MaxPool3d(pool)]
    head = [nn.AdaptiveAvgPool3d(1), nn.Flatten(), nn.Linear(96, 60)]
    return nn.Sequential(*layers, *head), (torch.randn(1, 3, 8, 64, 64),)


class Experts(nn.Module):
    """All experts work; a softmax over them weighs what they say."""

    def __init__(self, width: int, inner: int, experts: int) -> None:
        super().__init__()
        self.gate = nn.Linear(width, experts)
        self.up = nn.Parameter(torch.randn(experts, width, inner) * 0.05)
        self.down = nn.Parameter(torch.randn(experts, inner, width) * 0.05)

    def forward(self, x: Tensor) -> Tensor:
        weights = self.gate(x).softmax(-1)
        y = torch.relu(torch.einsum("nd,edh->neh", x, self.up))
        said = torch.einsum("neh,ehd->ned", y, self.down)
        return x + torch.einsum("ne,ned->nd", weights, said)


def experts() -> Made:
    """Eight experts of 512 over a row of 256 numbers, three times."""
    layers = [nn.Linear(90, 256), *(Experts(256, 512, 8) for _ in range(3)), nn.Linear(256, 4)]
    return nn.Sequential(*layers), (torch.randn(1, 90),)


class Rewriter(nn.Module):
    """One GRU reads; another writes word by word, attending to what was read."""

    def __init__(self, words: int = 4000, width: int = 256) -> None:
        super().__init__()
        self.words = nn.Embedding(words, 128)
        self.read = nn.GRU(128, width, batch_first=True)
        self.cell, self.mix = nn.GRUCell(128 + width, width), nn.Linear(2 * width, width)
        self.head = nn.Linear(width, words)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        seen, last = self.read(self.words(source))
        state, spoken = last[0], []
        for word in self.words(target).unbind(1):
            weights = torch.bmm(seen, state[..., None]).softmax(1)
            heard = (weights * seen).sum(1)
            state = self.cell(torch.cat([word, heard], 1), state)
            spoken.append(torch.tanh(self.mix(torch.cat([state, heard], 1))))
        out: Tensor = self.head(torch.stack(spoken, 1))
        return out


def rewriter() -> Made:
    """Forty words read, twenty written."""
    return Rewriter(), (torch.randint(0, 4000, (1, 40)), torch.randint(0, 4000, (1, 20)))


def painter() -> Made:
    """A generator: 100 numbers become a picture of 64 × 64 by transposed convolutions."""
    layers: list[nn.Module] = [
        nn.Linear(100, 384 * 16), nn.Unflatten(1, (384, 4, 4)), nn.BatchNorm2d(384), nn.ReLU(),
    ]  # fmt: skip
    for a, b in pairwise((384, 192, 96, 48)):
        layers += [nn.ConvTranspose2d(a, b, 4, 2, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU()]
    last = [nn.ConvTranspose2d(48, 3, 4, 2, 1), nn.Tanh()]
    return nn.Sequential(*layers, *last), (torch.randn(1, 100),)


class Crossed(nn.Module):
    """Bags of features, their pairwise products, and a perceptron beside them."""

    def __init__(self, fields: int = 26, width: int = 24) -> None:
        super().__init__()
        self.table, self.linear = nn.Embedding(60_000, width), nn.Embedding(60_000, 1)
        widths = (fields * width, 300, 300, 1)
        self.deep = nn.Sequential(*[
            layer for a, b in pairwise(widths) for layer in (nn.Linear(a, b), nn.ReLU())
        ][:-1])  # fmt: skip

    def forward(self, features: Tensor) -> Tensor:
        x = self.table(features)
        pairs = 0.5 * (x.sum(1).square() - x.square().sum(1)).sum(1, keepdim=True)
        out: Tensor = pairs + self.linear(features).sum(1) + self.deep(x.flatten(1))
        return torch.sigmoid(out)


def crossed() -> Made:
    """Twenty-six features of a click."""
    return Crossed(), (torch.randint(0, 60_000, (1, 26)),)


class Pyramid(nn.Module):
    """What is seen coarsely is enlarged and added to what is seen finely; heads on all levels."""

    def __init__(self, width: int = 96) -> None:
        super().__init__()
        widths = (32, 64, 128, 256)
        self.stem = _shrink(3, 32)
        self.down = nn.ModuleList(
            nn.Sequential(
                _shrink(a, b), nn.Conv2d(b, b, 3, 1, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU()
            )
            for a, b in pairwise(widths)
        )
        self.side = nn.ModuleList(nn.Conv2d(b, width, 1) for b in widths[1:])
        self.smooth = nn.Conv2d(width, width, 3, 1, 1)
        self.head = nn.Conv2d(width, 20, 3, 1, 1)

    def forward(self, x: Tensor) -> list[Tensor]:
        x, seen = self.stem(x), []
        for down in self.down:
            x = down(x)
            seen.append(x)
        top, out = self.side[-1](seen[-1]), []
        out.append(self.head(self.smooth(top)))
        for side, fine in zip(self.side[-2::-1], seen[-2::-1], strict=True):
            large = functional.interpolate(top, scale_factor=2.0, mode="nearest")
            top = side(fine) + large
            out.append(self.head(self.smooth(top)))
        return out


def pyramid() -> Made:
    """Three levels over 192 × 192 pixels."""
    return Pyramid(), (torch.randn(1, 3, 192, 192),)


class Running(nn.Module):
    """Linear attention: running sums of keys times values, in chunks of one word."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm, self.mix = nn.LayerNorm(width), nn.Linear(width, 3 * width)
        self.out, self.mlp = nn.Linear(width, width), nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width)
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        n, steps, width = x.shape
        shape = (n, steps, self.heads, width // self.heads)
        q, k, v = (part.view(shape) for part in self.mix(self.norm(x)).chunk(3, -1))
        q, k = functional.elu(q) + 1, functional.elu(k) + 1
        sums = (k[..., :, None] * v[..., None, :]).cumsum(1)
        y = torch.einsum("nshd,nshde->nshe", q, sums) / (q * k.cumsum(1)).sum(-1, keepdim=True)
        x = x + self.out(y.reshape(n, steps, width))
        out: Tensor = x + self.mlp(x)
        return out


def running() -> Made:
    """Four layers of linear attention of 160 over 96 words."""
    layers = [nn.Embedding(5000, 160), *(Running(160, 5) for _ in range(4)), nn.Linear(160, 5000)]
    return nn.Sequential(*layers), (torch.randint(0, 5000, (1, 96)),)


NAMES = ("normed", "reader", "captions", "molecules", "wave", "fires", "shuffled", "shifted",
         "film", "experts", "rewriter", "painter", "crossed", "pyramid", "running")  # fmt: skip
