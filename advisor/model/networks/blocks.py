"""Parts that several reference networks share: attention and the transformer's layer."""

from torch import Tensor, nn
from torch.nn import functional


class Attention(nn.Module):
    """Multi-head attention (Vaswani et al., arXiv:1706.03762, 3.2) by torch's fused kernel."""

    def __init__(self, width: int, heads: int, *, causal: bool = False) -> None:
        """Project to queries, keys and values of all heads."""
        super().__init__()
        self.heads = heads
        self.causal = causal
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.output = nn.Linear(width, width)

    def forward(self, x: Tensor, memory: Tensor | None = None) -> Tensor:
        """Attend to ``memory``, or to the input itself."""
        other = x if memory is None else memory
        q, k, v = (
            self._split(self.query(x)),
            self._split(self.key(other)),
            self._split(self.value(other)),
        )
        found = functional.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
        merged: Tensor = self.output(found.transpose(1, 2).flatten(2))
        return merged

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)


class Layer(nn.Module):
    """A transformer's layer: attention, optional attention to a memory, and two linear layers."""

    def __init__(  # noqa: PLR0913 - the ways in which published layers differ
        self, width: int, heads: int, inner: int, *, first: bool = True, causal: bool = False,
        crossed: bool = False,
    ) -> None:  # fmt: skip
        """``first`` normalizes before each part (GPT-2, ViT), else after it (BERT)."""
        super().__init__()
        self.first = first
        self.attention = Attention(width, heads, causal=causal)
        self.crossed = Attention(width, heads) if crossed else None
        self.inner = nn.Sequential(nn.Linear(width, inner), nn.GELU(), nn.Linear(inner, width))
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(3 if crossed else 2))

    def forward(self, x: Tensor, memory: Tensor | None = None) -> Tensor:
        """Add each part to the input."""
        x = self._added(x, self.attention, 0)
        if self.crossed is not None:
            y = self.norms[1](x) if self.first else x
            x = x + self.crossed(y, memory)
        return self._added(x, self.inner, len(self.norms) - 1)

    def _added(self, x: Tensor, part: nn.Module, index: int) -> Tensor:
        norm = self.norms[index]
        found: Tensor = x + part(norm(x)) if self.first else norm(x + part(x))
        return found
