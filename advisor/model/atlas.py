"""What torch's calls mean: each is an op with a shape, whatever wrote it."""

from collections.abc import Callable, Collection
from math import log2, prod

from advisor.model.shaped import (
    Call,
    attention,
    convolution,
    elements,
    pool,
    product,
    sizes,
    written,
)
from advisor.model.words import words
from advisor.operation import WINDOWED, Op, OpKind

Reader = Callable[[Call], Op]


def _moving(kind: OpKind) -> Callable[[Call], Op]:
    def read(call: Call) -> Op:
        reads = elements(list(call.arguments))
        return Op(op=kind, kernel=call.name, reads=reads, writes=written(call))

    return read


def _normal(call: Call) -> Op:
    affine = sum(elements(a) for a in call.arguments[1:] if len(sizes(a)) == 1)
    count = elements(call.arguments[0])
    # A mean, a variance, and one multiply-add an element.
    return Op(
        op="norm", kernel=call.name.removeprefix("native_"),
        reads=count, writes=count, weights=affine, flops=8 * count,
    )  # fmt: skip


def _gathered(call: Call) -> Op:
    moved = elements(call.out)
    learned = getattr(call.arguments[0], "requires_grad", False)
    fixed = call.name == "embedding" and not learned
    if call.name.startswith("embedding_bag"):  # each bag is the sum of its rows
        bags = elements(call.out[0])
        rows = elements(call.arguments[1]) * sizes(call.arguments[0])[-1]
        return Op(op="embedding", kernel="embedding_bag", reads=rows, writes=bags, flops=rows)
    return Op(op="embedding", kernel="fixed" if fixed else call.name, reads=moved, writes=moved)


def _scattered(call: Call) -> Op:
    """Read what adds or writes rows into a tensor; where it is not in place, that is copied."""
    target, *others = call.arguments
    source = max((elements(other) for other in others), default=0.0)
    whole = 0.0 if call.name.endswith("_") else elements(target)
    return Op(op="embedding", kernel=call.name, reads=2 * source + whole, writes=source + whole)


def _transformed(call: Call) -> Op:
    """Read a fast Fourier transform: 5 n log2 n FLOP each, half of them where it is real."""
    along = call.arguments[1] if isinstance(call.arguments[1], list | tuple) else [-1]
    most = max((call.arguments[0], call.out), key=elements)
    length = prod(sizes(most)[axis] for axis in along)
    flops = (2.5 if call.name != "fft_c2c" else 5.0) * elements(most) * log2(max(length, 2))
    parts = {True: 2, False: 1}  # of a complex number
    reads, writes = (elements(t) * parts[t.is_complex()] for t in (call.arguments[0], call.out))
    return Op(op="elementwise", kernel=call.name, reads=reads, writes=writes, flops=flops)


def _attended(call: Call) -> Op:
    return attention(call.arguments[:3], {})


_COPIES = words(
    """
    clone cat stack copy_ copy _to_copy constant_pad_nd reflection_pad1d reflection_pad2d
    replication_pad1d replication_pad2d roll flip repeat upsample_nearest1d upsample_nearest2d
    upsample_nearest3d upsample_linear1d upsample_bilinear2d upsample_trilinear3d
    upsample_bicubic2d _upsample_bilinear2d_aa _upsample_bicubic2d_aa pixel_shuffle
    pixel_unshuffle channel_shuffle zeros ones full zeros_like ones_like full_like new_zeros
    new_ones new_full empty_like fill_ zero_ arange tril triu im2col col2im unfold_backward
    as_strided_copy slice_scatter select_scatter scalar_tensor eye linspace repeat_interleave
    lift_fresh lift_fresh_copy _reshape_copy
    """
)
_REDUCTIONS = words(
    """
    _adaptive_avg_pool2d _adaptive_avg_pool3d adaptive_max_pool2d adaptive_max_pool3d max min
    prod cumprod mean sum amax
    """
)
_NORMS = words(
    """
    native_layer_norm native_batch_norm native_group_norm _fused_rms_norm cudnn_batch_norm
    _native_batch_norm_legit _native_batch_norm_legit_no_training _batch_norm_with_update
    _batch_norm_no_update
    """
)
_GATHERS = "embedding gather index_select index take _embedding_bag _embedding_bag_forward_only"
_SCATTERS = words(
    """
    scatter scatter_ scatter_add scatter_add_ scatter_reduce scatter_reduce_ index_add
    index_add_ index_put index_put_ _unsafe_index_put index_copy index_copy_ index_fill
    index_fill_ masked_scatter masked_scatter_ _unsafe_index
    """
)
_SCANS = words(
    """
    cumsum sort topk argsort searchsorted bucketize glu native_dropout bernoulli_ normal_
    uniform_ rand randn randint rand_like randn_like randint_like multinomial grid_sampler_2d
    grid_sampler_3d histc nonzero kthvalue _weight_norm_interface nll_loss_forward
    nll_loss2d_forward
    """
)
_PRODUCTS = words(
    """
    mm addmm bmm baddbmm addbmm mv addmv dot _int_mm _addmm_activation
    """
)
_FUSED_ATTENTION = [
    "_scaled_dot_product_flash_attention",
    "_scaled_dot_product_efficient_attention",
    "_scaled_dot_product_flash_attention_for_cpu",
    "_scaled_dot_product_cudnn_attention",
    "_scaled_dot_product_fused_attention_overrideable",
]
_TABLE: dict[str, Reader] = {
    "convolution": convolution,
    **dict.fromkeys(_PRODUCTS, product),
    **dict.fromkeys(("_softmax", "_log_softmax", "_safe_softmax"), _moving("softmax")),
    **dict.fromkeys(_FUSED_ATTENTION, _attended),
    **dict.fromkeys(("_fft_r2c", "_fft_c2r", "_fft_c2c"), _transformed),
    **dict.fromkeys(WINDOWED, pool),
    **dict.fromkeys(_REDUCTIONS, _moving("pool")),
    **dict.fromkeys(_COPIES, _moving("copy")),
    **dict.fromkeys(_SCATTERS, _scattered),
    **dict.fromkeys(_SCANS, _moving("elementwise")),
    **dict.fromkeys(_NORMS, _normal),
    **dict.fromkeys(_GATHERS.split(), _gathered),
}
# What torch itself says of a call that is not in the table.
_TAGS: dict[str, OpKind] = {"pointwise": "elementwise", "reduction": "pool"}


def read(name: str, call: Call, tags: Collection[str] = ()) -> tuple[Op, bool]:
    """Read one of torch's lowest calls by its name, and say whether it is known.

    What is neither in the table nor told by a tag is counted by the elements that it moves.
    """
    if name in _TABLE:
        return _TABLE[name](call), True
    kind = next((kind for tag, kind in _TAGS.items() if tag in tags), None)
    return _moving(kind or "elementwise")(call), kind is not None
