"""A decoder as Llama 3 has it (Grattafiori et al., arXiv:2407.21783), of any size, with its loss.

Mixtures follow Mixtral (Jiang et al., arXiv:2401.04088); adapters LoRA (Hu et al.,
arXiv:2106.09685) beside every linear layer of a block, all else frozen.
"""

import torch
from torch import Tensor, nn

from advisor.workload import LanguageModel

_BASE = 500_000.0

# Cosines and sines of the angles that positions are turned by; keys and values of a layer.
Turn = tuple[Tensor, Tensor]
Kept = tuple[Tensor, Tensor]


class Adapted(nn.Module):
    """A linear layer without bias; with a rank, frozen beside two narrow ones that are trained."""

    def __init__(self, inputs: int, outputs: int, rank: int) -> None:
        """Make the layer and its adapter."""
        super().__init__()
        self.whole = nn.Linear(inputs, outputs, bias=False)
        self.whole.weight.requires_grad = not rank
        self.narrow = (
            nn.Sequential(nn.Linear(inputs, rank, bias=False), nn.Linear(rank, outputs, bias=False))
            if rank
            else None
        )

    def forward(self, x: Tensor) -> Tensor:
        """Add what was learned beside."""
        found: Tensor = self.whole(x)
        return found if self.narrow is None else found + self.narrow(x)


class Attention(nn.Module):
    """Grouped queries over turned positions."""

    def __init__(self, model: LanguageModel) -> None:
        """Project to queries, keys and values."""
        super().__init__()
        self.size, rank = model.head_size, model.adapters
        wide, narrow = model.heads * self.size, model.kv_heads * self.size
        self.query = Adapted(model.hidden, wide, rank)
        self.key, self.value = (Adapted(model.hidden, narrow, rank) for _ in range(2))
        self.output = Adapted(wide, model.hidden, rank)

    def forward(self, x: Tensor, turn: Turn, kept: Kept | None = None) -> Tensor:
        """Attend to what came before: in this call, or ``kept`` from calls before it."""
        q, k, v = (self._split(part(x)) for part in (self.query, self.key, self.value))
        q, k = _turned(q, turn), _turned(k, turn)
        if kept is not None:
            for whole, part in zip(kept, (k, v), strict=True):
                whole[:, :, -part.shape[2] :] = part
            k, v = kept
        found = nn.functional.scaled_dot_product_attention(
            q, k, v, is_causal=q.shape[2] > 1, enable_gqa=True
        )
        merged: Tensor = self.output(found.transpose(1, 2).flatten(2))
        return merged

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (-1, self.size)).transpose(1, 2)


def _turned(x: Tensor, turn: Turn) -> Tensor:
    cos, sin = turn
    first, second = x.chunk(2, -1)
    return x * cos + torch.cat([-second, first], -1) * sin


class Expert(nn.Module):
    """A gated feed-forward block."""

    def __init__(self, model: LanguageModel) -> None:
        """Make the three matrices."""
        super().__init__()
        sizes, rank = (model.hidden, model.intermediate), model.adapters
        self.gate, self.up = Adapted(*sizes, rank), Adapted(*sizes, rank)
        self.down = Adapted(*sizes[::-1], rank)

    def forward(self, x: Tensor) -> Tensor:
        """Gate, and project back."""
        found: Tensor = self.down(nn.functional.silu(self.gate(x)) * self.up(x))
        return found


class Mixture(nn.Module):
    """Some experts of many for each token."""

    def __init__(self, model: LanguageModel) -> None:
        """Make the router and the experts."""
        super().__init__()
        self.used = model.experts_used
        self.router = nn.Linear(model.hidden, model.experts, bias=False)
        self.experts = nn.ModuleList(Expert(model) for _ in range(model.experts))

    def forward(self, x: Tensor) -> Tensor:
        """Send each token to its experts, and add what they say by their weights."""
        flat = x.flatten(0, 1)
        weights, chosen = self.router(flat).softmax(-1).topk(self.used, -1)
        out = torch.zeros_like(flat)
        for index, expert in enumerate(self.experts):
            rows, place = torch.where(chosen == index)
            out = out.index_add(0, rows, expert(flat[rows]) * weights[rows, place, None])
        return out.view_as(x)


class Block(nn.Module):
    """Attention and a feed-forward block, each after a norm and beside a shortcut."""

    def __init__(self, model: LanguageModel) -> None:
        """Make both parts."""
        super().__init__()
        self.norms = nn.ModuleList(nn.RMSNorm(model.hidden) for _ in range(2))
        self.norms.requires_grad_(not model.adapters)
        self.attention = Attention(model)
        self.inner = Mixture(model) if model.experts > 1 else Expert(model)

    def forward(self, x: Tensor, turn: Turn, kept: Kept | None = None) -> Tensor:
        """Add both parts."""
        x = x + self.attention(self.norms[0](x), turn, kept)
        found: Tensor = x + self.inner(self.norms[1](x))
        return found


class Decoder(nn.Module):
    """Words in, the loss of the next words out."""

    def __init__(self, model: LanguageModel) -> None:
        """Make the embeddings, the blocks and the head."""
        super().__init__()
        self.words = nn.Embedding(model.vocabulary, model.hidden)
        self.blocks = nn.ModuleList(Block(model) for _ in range(model.layers))
        self.norm = nn.RMSNorm(model.hidden)
        self.head = nn.Linear(model.hidden, model.vocabulary, bias=False)
        if model.tied:
            self.head.weight = self.words.weight
        for part in (self.words, self.norm, self.head):
            part.requires_grad_(not model.adapters)
        steps = torch.arange(0, model.head_size, 2) / model.head_size
        angle = torch.arange(model.prompt)[:, None] * _BASE**-steps
        self.register_buffer("turn", torch.cat([angle, angle], -1))

    def forward(self, tokens: Tensor) -> Tensor:
        """Return the mean loss over all words."""
        angle = self.get_buffer("turn")
        turn = (angle.cos(), angle.sin())
        x = self.words(tokens)
        for block in self.blocks:
            x = block(x, turn)
        scores = self.head(self.norm(x)).flatten(0, 1)
        return nn.functional.cross_entropy(scores, tokens.flatten())


def build(model: LanguageModel) -> nn.Module:
    """Return a decoder of these sizes."""
    return Decoder(model)


def inputs(model: LanguageModel, batch: int) -> tuple[Tensor, ...]:
    """Return sequences of as many tokens as the model's prompt."""
    return (torch.randint(0, model.vocabulary, (batch, model.prompt)),)
