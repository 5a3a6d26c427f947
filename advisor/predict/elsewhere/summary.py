"""A network known by three numbers: multiply-adds, activations, parameters (as in timm's tables).

ln t = ln(compute + memory) + fitted correction by intensity, size, resolution, batch and kind of
architecture, told by the network's name; compute = 2·macs/(share · peak), memory = activations ×
accesses × bytes / bandwidth.
"""

import re
from math import exp, log

import msgspec

from advisor.predict.elsewhere.forecast import Forecast, Run
from advisor.predict.elsewhere.precision import element_bytes
from advisor.predict.elsewhere.silicon import Figures, Silicon, as_run, rate

# Kinds by what their layers do, and words in the names of networks of that kind; the order
# matters: the first that is found holds. What has none of them is a plain convolutional network.
_WORDS = (
    ("hybrid", "coatnet maxvit maxx coatnext"),
    ("dense", "resnest"),
    (
        "former",
        """poolformer caformer convformer metaformer convmixer efficientformer fastvit sequencer
        focalnet edgenext mobileone convnext mambaout fasternet swiftformer""",
    ),
    (
        "attention",
        """swin cait xcit volo coat_ mvit davit twins nest convit crossvit pvt nextvit halo lambda
        lamhalo bot gcvit tnt visformer levit efficientvit samvit mobilevit tiny_vit shvit""",
    ),
    ("mixer", "mixer mlp"),
    ("plain-vit", "vit deit eva beit pit hiera"),
    ("padded", "^tf_"),
    (
        "dense",
        """densenet hgnet hrnet dla inception dpn ghost selecsls vovnet mixnet res2n sknet skres
        hardcorenas""",
    ),
    (
        "depthwise",
        """efficientnet mobile mnasnet fbnet tinynet lcnet rexnet spnasnet semnas xception repvit
        starnet repghost regnetz shufflenet""",
    ),
    ("grouped", "resnext regnet cspresnext nfnet_f nf_reg"),
)
_PATTERNS = tuple((kind, re.compile("|".join(words.split()))) for kind, words in _WORDS)


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """Multiply-adds and activations for one sample, parameters; ``input`` is (channels, h, w).

    ``guessed`` says that the activations are those of a middling network.
    """

    macs: float
    activations: float
    params: float
    input: tuple[float, ...] = (3.0, 224.0, 224.0)
    name: str | None = None
    guessed: bool = False


def kind_of(name: str | None) -> str:
    """Return the kind of architecture that a timm-like name stands for; convolutional without."""
    if not name:
        return "conv"
    plain = name.casefold().rpartition("/")[2].partition(".")[0]
    return next((kind for kind, found in _PATTERNS if found.search(plain)), "conv")


def family_of(name: str) -> str:
    """Return the leading letters of a name: ``resnet50.a1_in1k`` is of the family resnet."""
    plain = name.casefold().rpartition("/")[2]
    return re.match(r"[a-z]*", plain)[0]  # type: ignore[index] # the pattern matches every text


def features(work: Summary, run: Run) -> dict[str, float]:
    """Return what the correction is linear in; all are 0 for a middling network."""
    kind = kind_of(work.name)
    macs = log(work.macs / 1e9 + 1e-3)
    depth = log(work.activations / 1e6 + 1e-2) - 0.5 * macs - 1.8
    heavy = log(work.params / 1e6 + 1e-2) - macs - 1.5
    size = macs - 1.5
    side = log(max(work.input[-1], 1.0) / 224) if work.input else 0.0
    found = {
        "one": 1.0,
        "size": size,
        "depth": depth,
        "heavy": heavy,
        "size.size": size * size,
        "depth.depth": depth * depth,
        "heavy.heavy": heavy * heavy,
        "size.depth": size * depth,
        "size.heavy": size * heavy,
        "depth.heavy": depth * heavy,
        "side": side,
        "batch": log(run.batch / 512),
    }
    found |= {kind: 1.0, f"{kind}.depth": depth, f"{kind}.size": size}
    found[f"{kind}.side"] = side
    version = _version(run.software.torch)
    if version:
        # Attention was fused in 2.0: networks of that kind gained, by how much of it they do.
        torch = f"torch.{version}"
        found |= {torch: 1.0, f"{torch}.{kind}": 1.0, f"{torch}.{kind}.depth": depth}
    if run.software.layout == "nhwc":
        found |= {"nhwc": 1.0, f"nhwc.{kind}": 1.0}
    return found


def _version(torch: str | float | None) -> str:
    """The fitted releases are 1.13, 2.1 and 2.4 (the base); others take the nearest before."""
    if not torch:
        return ""
    numbers = [int(part) for part in re.findall(r"\d+", str(torch))[:2]]
    return "1.13" if numbers < [2, 0] else "2.1" if numbers < [2, 3] else ""


def forecast(work: Summary, device: Silicon, run: Run, figures: Figures) -> Forecast:
    """Predict seconds of one batch, or of one training step."""
    kind = kind_of(work.name)
    compute, memory, fixed = rough(work, device, run, figures)
    factor = correction(work, run, figures, _place(device))
    stretch = 1.0
    if run.phase == "training":
        stretch = figures.get(f"summary.training.{kind}", figures["summary.training"])
    factor *= stretch
    return Forecast(
        form="network",
        compute=compute * factor,
        memory=memory * factor,
        fixed=fixed * stretch,
        effects=_effects(work, device, run, figures) | _queue(compute, memory, fixed, figures),
        noise=figures[f"summary.{_place(device)}.noise"],
        bytes_needed=_memory(work, run),
        notes=("activations of a middling network",) if work.guessed else (),
    )


def _queue(compute: float, memory: float, fixed: float, figures: Figures) -> dict[str, float]:
    """Whose processor fills the queue is not known: that part of the time may be far off."""
    return {"host": fixed / (compute + memory + fixed) * figures["dispatch.spread"]}


def _place(device: Silicon) -> str:
    return "cpu" if device.host else "gpu"


def rough(work: Summary, device: Silicon, run: Run, figures: Figures) -> tuple[float, float, float]:
    """Return compute, memory and fixed seconds before the correction."""
    kind, prefix = kind_of(work.name), f"summary.{_place(device)}."
    speed, _ = rate(device, run.dtype)
    size = element_bytes("fp32" if device.host else as_run(device, run.dtype))
    share = figures.get(f"{prefix}share.{kind}", figures[f"{prefix}share"])
    reads = figures.get(f"{prefix}accesses.{kind}", figures[f"{prefix}accesses"])
    compute = run.batch * 2 * work.macs / (_paced(speed, device, figures) * share)
    memory = (run.batch * work.activations * reads + work.params) * size / device.bandwidth
    if device.host:
        return compute, memory, figures[f"{prefix}fixed"]
    if run.software.compile:
        compute *= figures["summary.compile.compute"]
        memory *= figures["summary.compile.memory"]
    else:
        memory *= figures.get(f"summary.eager.{device.architecture}", 1.0)
    return (
        compute,
        memory,
        max(figures[f"{prefix}fixed"], _host(work, run, figures) - compute - memory),
    )


def _host(work: Summary, run: Run, figures: Figures) -> float:
    """Return seconds the host needs to put a network's kernels in the queue, at any batch.

    Deeper networks have more kernels: by the fourth root of their multiply-adds.
    """
    kernels = figures.get(f"summary.host.{kind_of(work.name)}", 1.0)
    seconds = figures["summary.host"] * kernels * float((work.macs / 4.1e9) ** 0.25)
    return seconds * (figures["summary.host.compiled"] if run.software.compile else 1.0)


# FLOP per unit and clock of the device that the shares were fitted on (GeForce, fp32 accumulate).
_PACE = 512.0


def _paced(speed: float, device: Silicon, figures: Figures) -> float:
    """Return the matrix rate of networks: part of their products' time goes with units × clock.

    Small products, prologues and index arithmetic gain nothing from wider matrix units.
    """
    if device.host:
        return speed
    pace = _PACE * device.pace * device.held
    part = figures["summary.gpu.paced"]
    return 1 / ((1 - part) / speed + part / min(speed, pace))


def correction(work: Summary, run: Run, figures: Figures, place: str) -> float:
    """Return the fitted factor on the sum of compute and memory time."""
    prefix = f"summary.{place}."
    total = sum(
        value * figures.get(prefix + name, 0.0) for name, value in features(work, run).items()
    )
    if work.name:
        total += figures.get(f"{prefix}family.{family_of(work.name)}", 0.0)
    return exp(max(-1.5, min(2.5, total)))


def _effects(work: Summary, device: Silicon, run: Run, figures: Figures) -> dict[str, float]:
    kind, place = kind_of(work.name), _place(device)
    label = work.name or f"{work.macs:g} {work.activations:g} {work.params:g}"
    family = family_of(work.name) if work.name else label
    seen = f"summary.{place}.family.{family}" in figures
    pair = figures["summary.spread.pair"]
    found = {
        f"network {label} {place}": figures[f"summary.{place}.spread.network"],
        f"network {label} on {device.name}": pair,
        f"family {family} {place}": figures[
            "summary.spread.family" if seen else f"summary.{place}.spread.stranger"
        ],
        f"family {family} on {device.name}": pair,
        f"kind {kind} on {device.name}": pair,
    }
    if work.guessed:
        found[f"activations of {label}"] = figures["summary.spread.guessed"]
    if run.phase == "training":
        spread = figures["summary.spread.phase"]
        found |= {f"training {kind}": spread, f"training {family}": spread}
    return found


def _memory(work: Summary, run: Run) -> float:
    """Weights and activations; training keeps all activations, gradients and two Adam states."""
    size = element_bytes(run.dtype)
    kept = run.batch * work.activations * size
    if run.phase == "training":
        return work.params * (16 + (size if size < 4 else 0)) + 2 * kept
    return work.params * 4 + 0.25 * kept
