"""Networks unlike the ones that we ship, as a user may write them."""

import torch
from torch import nn

functional = nn.functional


def block(inputs, outputs):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1), nn.GroupNorm(8, outputs), nn.SiLU()
    )


class Unet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.ModuleList([block(3, 16), block(16, 32)])
        self.up = nn.ConvTranspose2d(32, 16, 2, 2)
        self.out = nn.Sequential(block(32, 16), nn.Conv2d(16, 2, 1))

    def forward(self, x):
        a = self.down[0](x)
        b = self.down[1](functional.max_pool2d(a, 2))
        return self.out(torch.cat([self.up(b), a], 1))


class Graph(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(64, 32))

    def forward(self, x, edges):
        source, target = edges
        near = torch.zeros_like(x).index_add(0, target, x[source])
        return near @ self.weight


class Rotary(nn.Module):
    def __init__(self, width=64, heads=8, kv=2):
        super().__init__()
        self.words, self.heads, self.kv = nn.Embedding(100, width), heads, kv
        self.q, self.o = nn.Linear(width, width, bias=False), nn.Linear(width, width, bias=False)
        self.k, self.v = (nn.Linear(width, width // heads * kv, bias=False) for _ in range(2))
        self.norm, self.head = nn.RMSNorm(width), nn.Linear(width, 100, bias=False)

    def turned(self, x):
        angle = torch.arange(x.shape[-2])[:, None] * torch.arange(x.shape[-1] // 2)
        a, b = x[..., ::2], x[..., 1::2]
        cos, sin = angle.cos(), angle.sin()
        return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)

    def forward(self, tokens):
        x = self.words(tokens)
        y = self.norm(x)
        parts = zip((self.q, self.k, self.v), (self.heads, self.kv, self.kv), strict=True)
        q, k, v = (one(y).unflatten(-1, (n, -1)).transpose(1, 2) for one, n in parts)
        found = functional.scaled_dot_product_attention(
            query=self.turned(q), key=self.turned(k), value=v, is_causal=True, enable_gqa=True
        )
        return self.head(x + self.o(found.transpose(1, 2).flatten(2)))


class Translator(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.encoder = nn.Embedding(100, 16), nn.GRU(16, 32, batch_first=True)
        self.decoder, self.out = nn.GRUCell(16, 32), nn.Linear(32, 100)

    def forward(self, source, target):
        memory, state = self.encoder(self.words(source))
        hidden, found = state[0], []
        for step in range(target.shape[1]):
            hidden = self.decoder(self.words(target[:, step]), hidden)
            seen = torch.softmax(torch.einsum("bd,btd->bt", hidden, memory), -1)
            found.append(self.out(hidden + torch.einsum("bt,btd->bd", seen, memory)))
        return {"scores": torch.stack(found, 1)}


class Modern(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.deep, self.norm = (
            nn.Conv2d(width, width, 7, padding=3, groups=width),
            nn.LayerNorm(width),
        )
        self.inner = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )
        self.scale = nn.Parameter(torch.ones(width))

    def forward(self, x):
        y = self.scale * self.inner(self.norm(self.deep(x).permute(0, 2, 3, 1)))
        return x + y.permute(0, 3, 1, 2)


class Mixture(nn.Module):
    def __init__(self, width=32, experts=8, used=2):
        super().__init__()
        self.router, self.used = nn.Linear(width, experts, bias=False), used
        self.experts = nn.ModuleList(nn.Linear(width, width, bias=False) for _ in range(experts))

    def forward(self, x):
        flat = x.reshape(-1, x.shape[-1])
        weights, chosen = self.router(flat).softmax(-1).topk(self.used, -1)
        out = torch.zeros_like(flat)
        for index, expert in enumerate(self.experts):
            rows, place = torch.where(chosen == index)
            out.index_add_(0, rows, expert(flat[rows]) * weights[rows, place, None])
        return out.view_as(x)


class Spectral(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(17, dtype=torch.cfloat))

    def forward(self, x):
        return torch.fft.irfft(torch.fft.rfft(x) * self.weight)


class Stubborn(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(8, 8, bias=False)

    def forward(self, x):
        return self.layer(x).reshape(4, 8)


def autoencoder():
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, 2, 1), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 49, 8 * 49),
        nn.Unflatten(1, (8, 7, 7)), nn.ConvTranspose2d(8, 1, 2, 2),
    )  # fmt: skip


# Linear and convolved multiply-adds of one sample, by hand.
UNET = 32 * 32 * (3 * 16 * 9 + 32 * 16 * 9 + 16 * 2) + 16 * 16 * (16 * 32 * 9 + 32 * 16 * 4)
ROTARY = 10 * (64 * 64 * 2 + 64 * 16 * 2 + 64 * 100) + 2 * 8 * 10 * 5.5 * 8
TRANSLATOR = 9 * 3 * 32 * (16 + 32) + 5 * (3 * 32 * (16 + 32) + 2 * 32 * 9 + 32 * 100)
MODERN = 14 * 14 * (32 * 49 + 2 * 32 * 128)
CASES = {
    "unet": (lambda: (Unet(), (torch.zeros(4, 3, 32, 32),)), UNET),
    "graph": (
        lambda: (Graph(), (torch.zeros(100, 64), torch.zeros(2, 500, dtype=torch.int64))),
        64 * 32,
    ),
    "rotary": (lambda: (Rotary(), (torch.zeros(2, 10, dtype=torch.int64),)), ROTARY),
    "autoencoder": (
        lambda: (autoencoder(), (torch.zeros(8, 1, 14, 14),)),
        49 * 8 * 9 + (8 * 49) ** 2 + 49 * 8 * 4,
    ),
    "translator": (
        lambda: (Translator(), {n: torch.zeros(4, k, dtype=torch.int64)
                                for n, k in (("source", 9), ("target", 5))}),
        TRANSLATOR,
    ),
    "modern": (lambda: (Modern(), (torch.zeros(2, 32, 14, 14),)), MODERN),
    "mixture": (lambda: (Mixture(), (torch.zeros(4, 64, 32),)), 64 * (2 * 32 * 32 + 32 * 8)),
    "stubborn": (lambda: (Stubborn(), (torch.zeros(4, 8),)), 64),
    "encoder": (
        lambda: (nn.TransformerEncoderLayer(32, 4, 64, batch_first=True), torch.zeros(2, 10, 32)),
        10 * (4 * 32 * 32 + 2 * 32 * 64) + 2 * 10 * 10 * 32,
    ),
}  # fmt: skip
