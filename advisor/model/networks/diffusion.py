"""The denoiser of DDPM on CIFAR-10 (Ho et al., arXiv:2006.11239, appendix B): a U-Net."""

import torch
from torch import Tensor, nn

from advisor.model.networks.blocks import Attention

WIDTH, FACTORS, BLOCKS, SIDE, ATTENDED = 128, (1, 2, 2, 2), 2, 32, 16


def build() -> nn.Module:
    """Return the network."""
    return Denoiser()


def inputs(batch: int) -> tuple[Tensor, ...]:
    """Return noisy images of 32 × 32 pixels, and their times."""
    return torch.randn(batch, 3, SIDE, SIDE), torch.randn(batch, WIDTH)


class Residual(nn.Module):
    """Two convolutions that know the time, and attention at one resolution."""

    def __init__(self, inputs: int, outputs: int, *, attended: bool) -> None:
        """Project the shortcut where channels change."""
        super().__init__()
        self.first = nn.Sequential(_normed(inputs), nn.Conv2d(inputs, outputs, 3, 1, 1))
        self.time = nn.Linear(4 * WIDTH, outputs)
        self.second = nn.Sequential(
            _normed(outputs), nn.Dropout(0.1), nn.Conv2d(outputs, outputs, 3, 1, 1)
        )
        self.shortcut = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()
        self.norm = nn.GroupNorm(32, outputs) if attended else None
        self.attention = Attention(outputs, 1) if attended else None

    def forward(self, x: Tensor, time: Tensor) -> Tensor:
        """Add both to the input."""
        found = self.second(self.first(x) + self.time(time)[:, :, None, None])
        y: Tensor = self.shortcut(x) + found
        if self.attention is None or self.norm is None:
            return y
        flat = self.norm(y).flatten(2).transpose(1, 2)
        return y + self.attention(flat).transpose(1, 2).reshape(y.shape)


def _normed(width: int) -> nn.Module:
    return nn.Sequential(nn.GroupNorm(32, width), nn.SiLU())


class Denoiser(nn.Module):
    """Down, across and up again, with everything from the way down carried over."""

    def __init__(self) -> None:
        """Make the two ways; channels are remembered on the way down."""
        super().__init__()
        self.time = nn.Sequential(
            nn.Linear(WIDTH, 4 * WIDTH), nn.SiLU(), nn.Linear(4 * WIDTH, 4 * WIDTH), nn.SiLU()
        )
        self.stem = nn.Conv2d(3, WIDTH, 3, 1, 1)
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        kept, side, inputs = [WIDTH], SIDE, WIDTH
        for level, factor in enumerate(FACTORS):
            outputs = WIDTH * factor
            for _ in range(BLOCKS):
                self.down.append(Residual(inputs, outputs, attended=side == ATTENDED))
                kept.append(outputs)
                inputs = outputs
            if level < len(FACTORS) - 1:
                self.down.append(nn.Conv2d(inputs, inputs, 3, 2, 1))
                kept.append(inputs)
                side //= 2
        self.across = nn.ModuleList(Residual(inputs, inputs, attended=a) for a in (True, False))
        for level, factor in reversed(list(enumerate(FACTORS))):
            outputs = WIDTH * factor
            for _ in range(BLOCKS + 1):
                self.up.append(Residual(inputs + kept.pop(), outputs, attended=side == ATTENDED))
                inputs = outputs
            if level:
                self.up.append(
                    nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(inputs, inputs, 3, 1, 1))
                )
                side *= 2
        self.head = nn.Sequential(_normed(inputs), nn.Conv2d(inputs, 3, 3, 1, 1))

    def forward(self, x: Tensor, time: Tensor) -> Tensor:
        """Return the noise."""
        time, kept = self.time(time), []
        x = self.stem(x)
        kept.append(x)
        for part in self.down:
            x = part(x, time) if isinstance(part, Residual) else part(x)
            kept.append(x)
        for part in self.across:
            x = part(x, time)
        for part in self.up:
            x = part(torch.cat([x, kept.pop()], 1), time) if isinstance(part, Residual) else part(x)
        found: Tensor = self.head(x)
        return found
