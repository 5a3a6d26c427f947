"""Networks written after `newcomers` were looked at, to score blind on a machine not seen before.

Each factory returns a network and the inputs of one sample.
"""

from itertools import pairwise

import torch
from strangers import Added, Made
from torch import Tensor, nn
from torch.nn import functional


class Coded(nn.Module):
    """A picture becomes a mean and a spread; a draw of them becomes a picture again."""

    def __init__(self, widths: tuple[int, ...] = (3, 32, 64, 128, 256), code: int = 128) -> None:
        super().__init__()
        pairs = list(pairwise(widths))
        down = [nn.Sequential(nn.Conv2d(a, b, 3, 2, 1), nn.BatchNorm2d(b), nn.LeakyReLU(0.1))
                for a, b in pairs]  # fmt: skip
        up = [nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(b, a, 3, 1, 1), nn.SiLU())
              for a, b in reversed(pairs)]  # fmt: skip
        self.down = nn.Sequential(*down, nn.Flatten())
        self.mean, self.spread = (nn.Linear(widths[-1] * 16, code) for _ in range(2))
        self.back, self.up = nn.Linear(code, widths[-1] * 16), nn.Sequential(*up)

    def forward(self, x: Tensor) -> Tensor:
        seen = self.down(x)
        mean, spread = self.mean(seen), self.spread(seen)
        drawn = mean + torch.randn_like(mean) * torch.exp(0.5 * spread)
        out: Tensor = self.up(self.back(drawn).view(x.shape[0], -1, 4, 4))
        return out


def coded() -> Made:
    """A variational autoencoder of 64 × 64 pixels."""
    return Coded(), (torch.randn(1, 3, 64, 64),)


class Bottleneck(nn.Module):
    """Narrow, convolve, widen, and add what came in."""

    def __init__(self, inputs: int, width: int, stride: int) -> None:
        super().__init__()
        outputs = 4 * width
        self.main = nn.Sequential(
            nn.Conv2d(inputs, width, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True),
            nn.Conv2d(width, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width),
            nn.ReLU(inplace=True), nn.Conv2d(width, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )  # fmt: skip
        self.short = nn.Identity() if inputs == outputs else nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(self.main(x) + self.short(x), inplace=True)


def bottled() -> Made:
    """A residual network of bottlenecks, (2, 3, 4, 2) blocks, at 160 × 160 pixels."""
    layers: list[nn.Module] = [
        nn.Conv2d(3, 48, 7, 2, 3, bias=False), nn.BatchNorm2d(48), nn.ReLU(), nn.MaxPool2d(3, 2, 1)
    ]  # fmt: skip
    inputs = 48
    for i, (width, count) in enumerate(zip((48, 96, 192, 384), (2, 3, 4, 2), strict=True)):
        for j in range(count):
            layers.append(Bottleneck(inputs, width, 2 if i and not j else 1))
            inputs = 4 * width
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 100)]
    return nn.Sequential(*layers, *head), (torch.randn(1, 3, 160, 160),)


class Rotary(nn.Module):
    """A decoder layer as in small language models: RMS norm, turned keys, a gated perceptron."""

    def __init__(self, width: int, heads: int, inner: int) -> None:
        super().__init__()
        self.heads = heads
        self.first, self.second = nn.RMSNorm(width), nn.RMSNorm(width)
        self.q, self.k, self.v, self.out = (nn.Linear(width, width, bias=False) for _ in range(4))
        self.gate, self.wide = (nn.Linear(width, inner, bias=False) for _ in range(2))
        self.narrow = nn.Linear(inner, width, bias=False)

    def _turned(self, x: Tensor) -> Tensor:
        half = x.shape[-1] // 2
        rates = 10_000 ** (-torch.arange(half, device=x.device) / half)
        angle = torch.arange(x.shape[-2], device=x.device)[:, None] * rates
        a, b = x[..., :half], x[..., half:]
        return torch.cat((a * angle.cos() - b * angle.sin(), a * angle.sin() + b * angle.cos()), -1)

    def forward(self, x: Tensor) -> Tensor:
        n, steps, width = x.shape
        seen = self.first(x)
        q, k, v = (part(seen).view(n, steps, self.heads, -1).transpose(1, 2)
                   for part in (self.q, self.k, self.v))  # fmt: skip
        y = functional.scaled_dot_product_attention(
            self._turned(q), self._turned(k), v, is_causal=True
        )
        x = x + self.out(y.transpose(1, 2).reshape(n, steps, width))
        seen = self.second(x)
        out: Tensor = x + self.narrow(functional.silu(self.gate(seen)) * self.wide(seen))
        return out


def rotary() -> Made:
    """Six decoder layers of 384 over 128 of 16,000 words."""
    layers = [Rotary(384, 6, 1024) for _ in range(6)]
    head = [nn.RMSNorm(384), nn.Linear(384, 16_000, bias=False)]
    model = nn.Sequential(nn.Embedding(16_000, 384), *layers, *head)
    return model, (torch.randint(0, 16_000, (1, 128)),)


def tabular() -> Made:
    """A deep perceptron over 300 columns, with batch norm and dropout."""
    layers: list[nn.Module] = []
    for a, b in pairwise((300, *[1024] * 8)):
        layers += [nn.Linear(a, b), nn.BatchNorm1d(b), nn.ReLU(), nn.Dropout(0.2)]
    # Two rows a sample: batch norm needs more than one.
    return nn.Sequential(nn.Unflatten(1, (2, 300)), nn.Flatten(0, 1), *layers,
                         nn.Linear(1024, 8)), (torch.randn(1, 600),)  # fmt: skip


class Sound(nn.Module):
    """A U-Net over time: group norm, SiLU, strided and transposed convolutions."""

    def __init__(self, widths: tuple[int, ...] = (32, 64, 128, 192)) -> None:
        super().__init__()

        def both(a: int, b: int) -> nn.Module:
            pairs = ((a, b), (b, b))
            return nn.Sequential(*(
                nn.Sequential(nn.Conv1d(c, d, 5, 1, 2), nn.GroupNorm(8, d), nn.SiLU())
                for c, d in pairs
            ))  # fmt: skip

        pairs = list(pairwise(widths))
        self.stem = both(2, widths[0])
        self.shrink = nn.ModuleList(nn.Conv1d(a, b, 4, 2, 1) for a, b in pairs)
        self.down = nn.ModuleList(both(b, b) for _, b in pairs)
        self.grow = nn.ModuleList(nn.ConvTranspose1d(b, a, 4, 2, 1) for a, b in reversed(pairs))
        self.up = nn.ModuleList(both(2 * a, a) for a, _ in reversed(pairs))
        self.head = nn.Conv1d(widths[0], 2, 1)

    def forward(self, x: Tensor) -> Tensor:
        kept = [self.stem(x)]
        for shrink, down in zip(self.shrink, self.down, strict=True):
            kept.append(down(shrink(kept[-1])))
        x = kept.pop()
        for grow, up in zip(self.grow, self.up, strict=True):
            x = up(torch.cat((grow(x), kept.pop()), 1))
        out: Tensor = self.head(x)
        return out


def sound() -> Made:
    """Two channels of 8,192 samples."""
    return Sound(), (torch.randn(1, 2, 8192),)


class Graph(nn.Module):
    """Graph convolutions by a full adjacency matrix, with residual sums."""

    def __init__(self, width: int = 192, depth: int = 5) -> None:
        super().__init__()
        self.stem, self.head = nn.Linear(64, width), nn.Linear(width, 7)
        self.mix = nn.ModuleList(nn.Linear(width, width) for _ in range(depth))

    def forward(self, nodes: Tensor, edges: Tensor) -> Tensor:
        x = functional.relu(self.stem(nodes))
        for mix in self.mix:
            x = x + functional.elu(edges @ mix(x))
        return functional.log_softmax(self.head(x), -1)


def graph() -> Made:
    """Six hundred nodes of 64 numbers."""
    return Graph(), (torch.randn(1, 600, 64), torch.softmax(torch.randn(1, 600, 600), -1))


class ConvGate(nn.Module):
    """A recurrent cell whose gates are convolutions, over frames."""

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        self.width = width
        self.gates = nn.Conv2d(inputs + width, 4 * width, 3, 1, 1)

    def forward(self, frames: Tensor) -> Tensor:
        n, count, _, height, wide = frames.shape
        seen = cell = frames.new_zeros(n, self.width, height, wide)
        out = []
        for i in range(count):
            a, b, c, d = self.gates(torch.cat((frames[:, i], seen), 1)).chunk(4, 1)
            cell = torch.sigmoid(a) * cell + torch.sigmoid(b) * torch.tanh(c)
            seen = torch.sigmoid(d) * torch.tanh(cell)
            out.append(seen)
        return torch.stack(out, 1)


class Rain(nn.Module):
    """Two recurrent cells of convolutions, then a picture of each frame."""

    def __init__(self) -> None:
        super().__init__()
        self.cells = nn.Sequential(ConvGate(1, 32), ConvGate(32, 32))
        self.head = nn.Conv2d(32, 1, 1)

    def forward(self, frames: Tensor) -> Tensor:
        out: Tensor = self.head(self.cells(frames).flatten(0, 1))
        return out


def rain() -> Made:
    """Ten frames of 40 × 40 pixels."""
    return Rain(), (torch.randn(1, 10, 1, 40, 40),)


class Seldom(nn.Module):
    """A vision transformer that looks at a quarter of its patches and fills in the rest."""

    def __init__(self, width: int = 256, places: int = 196) -> None:
        super().__init__()
        self.patch = nn.Conv2d(3, width, 16, 16)
        self.place = nn.Parameter(torch.zeros(1, places, width))
        self.blank = nn.Parameter(torch.zeros(1, 1, width))

        def layers(count: int) -> nn.Module:
            return nn.Sequential(*(nn.TransformerEncoderLayer(
                width, 8, 4 * width, 0.0, "gelu", batch_first=True, norm_first=True)
                for _ in range(count)))  # fmt: skip

        self.see, self.fill, self.head = layers(6), layers(2), nn.Linear(width, 768)

    def forward(self, x: Tensor) -> Tensor:
        tokens = self.patch(x).flatten(2).transpose(1, 2) + self.place
        n, places, width = tokens.shape
        order = torch.rand(n, places, device=x.device).argsort(1)
        back = order.argsort(1)[..., None].expand(-1, -1, width)
        chosen = order[:, : places // 4, None].expand(-1, -1, width)
        seen = self.see(tokens.gather(1, chosen))
        whole = torch.cat((seen, self.blank.expand(n, places - seen.shape[1], -1)), 1)
        out: Tensor = self.head(self.fill(whole.gather(1, back) + self.place))
        return out


def seldom() -> Made:
    """A quarter of 196 patches."""
    return Seldom(), (torch.randn(1, 3, 224, 224),)


class Towers(nn.Module):
    """Words of a question and of an answer, each pooled and pressed, and how alike they are."""

    def __init__(self, words: int = 50_000, width: int = 128) -> None:
        super().__init__()
        self.words = nn.Embedding(words, width)
        self.ask, self.tell = (
            nn.Sequential(nn.Linear(width, 512), nn.ReLU(), nn.LayerNorm(512), nn.Linear(512, 128))
            for _ in range(2)
        )

    def forward(self, ask: Tensor, tell: Tensor) -> Tensor:
        a = functional.normalize(self.ask(self.words(ask).mean(1)), dim=-1)
        b = functional.normalize(self.tell(self.words(tell).mean(1)), dim=-1)
        return a @ b.T / 0.05


def towers() -> Made:
    """Thirty words of a question, two hundred of an answer."""
    return Towers(), (torch.randint(0, 50_000, (1, 30)), torch.randint(0, 50_000, (1, 200)))


class Tags(nn.Module):
    """Letters through a convolution, words through a table, two LSTMs both ways, tags."""

    def __init__(self) -> None:
        super().__init__()
        self.letters, self.words = nn.Embedding(100, 32), nn.Embedding(20_000, 128)
        self.shape = nn.Conv1d(32, 64, 3, 1, 1)
        self.both = nn.LSTM(192, 160, 2, batch_first=True, bidirectional=True)
        self.head = nn.Linear(320, 17)

    def forward(self, words: Tensor, letters: Tensor) -> Tensor:
        n, steps, each = letters.shape
        seen = self.shape(self.letters(letters).view(n * steps, each, -1).transpose(1, 2)).amax(2)
        x = torch.cat((self.words(words), seen.view(n, steps, -1)), -1)
        out: Tensor = self.head(self.both(x)[0])
        return out


def tags() -> Made:
    """Fifty words of twelve letters."""
    return Tags(), (torch.randint(0, 20_000, (1, 50)), torch.randint(0, 100, (1, 50, 12)))


def plain() -> Made:
    """Plain convolutions of 3 × 3, one after the other, at 128 × 128 pixels."""
    layers: list[nn.Module] = []
    for a, b in pairwise((3, 64, 64, 128, 128, 256, 256, 512)):
        stride = 2 if a != b else 1
        layers += [nn.Conv2d(a, b, 3, stride, 1), nn.ReLU(inplace=True)]
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 100)]
    return nn.Sequential(*layers, *head), (torch.randn(1, 3, 128, 128),)


def critic() -> Made:
    """A patch critic: spectral norm, leaky rectifiers, at 128 × 128 pixels of two pictures."""
    layers: list[nn.Module] = []
    for a, b in pairwise((6, 64, 128, 256)):
        layers += [nn.utils.spectral_norm(nn.Conv2d(a, b, 4, 2, 1)), nn.InstanceNorm2d(b),
                   nn.LeakyReLU(0.2)]  # fmt: skip
    return nn.Sequential(*layers, nn.Conv2d(256, 1, 4, 1, 1)), (torch.randn(1, 6, 128, 128),)


def blocks() -> Made:
    """Depthwise convolutions of 7 × 7, channels widened fourfold, at 160 × 160 pixels."""

    def block(width: int) -> nn.Module:
        return Added(nn.Sequential(
            nn.Conv2d(width, width, 7, 1, 3, groups=width), nn.GroupNorm(1, width),
            nn.Conv2d(width, 4 * width, 1), nn.GELU(), nn.Conv2d(4 * width, width, 1),
        ))  # fmt: skip

    layers: list[nn.Module] = [nn.Conv2d(3, 64, 4, 4)]
    for a, b in pairwise((64, 128, 256)):
        layers += [block(a), block(a), nn.GroupNorm(1, a), nn.Conv2d(a, b, 2, 2)]
    head = [block(256), block(256), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(256, 50)]
    return nn.Sequential(*layers, *head), (torch.randn(1, 3, 160, 160),)


NAMES = ("coded", "bottled", "rotary", "tabular", "sound", "graph", "rain", "seldom", "towers",
         "tags", "plain", "critic", "blocks")  # fmt: skip
