"""Refit ``rules/constants/elsewhere.yaml``: python tests/tools/fit_elsewhere.py DATA_DIR > FILE.

DATA_DIR is the folder with ``perf/``. Each section takes ``without``: devices to leave out, which
is how the scores are made. Numbers that no data here can tell (spreads of unseen architectures,
power needs) are in PRIORS, each with its reason.
"""

import argparse
import re
from collections import Counter, defaultdict
from pathlib import Path

import msgspec
import numpy as np
from fit_lib import lean, logit, rows, share

from advisor.book.catalogue import parts
from advisor.part import index, key, resolve
from advisor.predict.elsewhere import summary
from advisor.predict.elsewhere.forecast import Run, Software
from advisor.predict.elsewhere.silicon import Silicon, left, rate, silicon
from advisor.predict.elsewhere.tiles import Rate, Tiling, product

PRIORS = {
    # Watts for each TFLOP/s at boost, above which a part holds its clock: between the parts known
    # to throttle (T4 8.6, P4 13, L4 2.4, L40S 3.9 vector) and those known not to (2080 Ti 18.6 …).
    # Vector: without the watts that memory and board take at any clock; from the shares of the fp32
    # peak sustained by P4 0.69, T4 0.48, A100 0.84, H100 0.72, L4 0.29 (prediction.md 1c), of which
    # 0.97 is what the tiles leave; ampere and blackwell lie between their neighbours by process.
    "power.exponent": 0.75,
    "power.board": 20,
    "power.pascal.vector": 16,
    "power.turing.vector": 18,
    "power.turing.matrix": 1.6,
    "power.ampere.vector": 10,
    "power.ampere.matrix": 1.8,
    "power.ga100.vector": 14.4,
    "power.ga100.matrix": 0.9,
    "power.ada.vector": 8.6,
    "power.ada.matrix": 1.45,
    "power.hopper.vector": 9.6,
    "power.hopper.matrix": 0.71,
    "power.blackwell.vector": 7,
    "power.blackwell.matrix": 1.45,
    # The best of many bf16 products over the peak (stas00/ml-engineering, MAMF): A100 87 %, H100
    # 80 %, on which the tiles' shares below are fitted; MI300X 51 %, MI325X 60 %, MI355X 68 %,
    # Gaudi 2 97 %, Gaudi 3 74 %, B200 78 %, GB200 73 %. A part's own share comes before these.
    "attained": 0.82,
    "attained.blackwell": 0.76,
    "attained.cdna3": 0.56,
    "attained.cdna4": 0.68,
    "attained.gaudi": 0.80,
    # No table of these at hand: older libraries and dual-issue peaks reach about this much.
    "attained.cdna2": 0.60,
    "attained.cdna1": 0.60,
    "attained.rdna2": 0.65,
    "attained.rdna3": 0.60,
    "attained.rdna3.5": 0.50,
    "attained.rdna4": 0.60,
    "attained.xe-hpg": 0.60,
    "attained.xe2": 0.60,
    "attained.xe-hpc": 0.65,
    # RTX PRO 6000 Max-Q, with full-rate matrix units at 300 W, runs timm's networks no faster than
    # a 5090 with half-rate ones: what is left is a part that goes with units and clock.
    "summary.gpu.paced": 0.3,
    # Unfused kernels leave a fast memory idle between them: timm's networks on a 5090 run 1.46 ×
    # as fast as on a 4090 in eager mode and 1.64 × when compiled, at 1.78 × the bandwidth.
    "summary.eager.blackwell": 1.13,
    # A CPU's sustained clock is base × (boost/base)^turbo; two 512-bit units pull it below base
    # (Xeon 8270: 1.8 GHz against 2.7). From OpenVINO's frame rates, six CPUs.
    "cpu.turbo": 0.5,
    "cpu.turbo.desktop": 0.68,
    "cpu.turbo.laptop": 0.65,
    "cpu.turbo.workstation": 0.5,
    "cpu.turbo.embedded": 0.5,
    "cpu.turbo.server": 0.4,
    "cpu.turbo.wide": -0.65,
    "cpu.turbo.frugal": 0.35,
    # Boost over base where none is published: medians of this catalogue.
    "cpu.boost": 1.4,
    "cpu.boost.server": 1.4,
    "cpu.boost.workstation": 1.35,
    "cpu.boost.desktop": 1.3,
    "cpu.boost.laptop": 1.85,
    # int8 over fp32: AMX, VNNI, neither.
    "cpu.int8.amx": 8,
    "cpu.int8.vnni": 4,
    "cpu.int8": 2.3,
    "cpu.bf16.amx": 6,
    "cpu.bf16": 1.5,
    # Bytes per unit and clock out of a GPU's last cache.
    "moved.cached": 16,
    "cpu.sockets": 0.95,
    "cpu.gemm": 0.75,
    "cpu.conv": 0.5,
    "cpu.pointwise": 0.5,
    "cpu.depthwise": 0.1,
    "cpu.bandwidth": 0.7,
    "cpu.op": 12e-6,
    # Launches in a queue: the driver's cost a kernel, measured for years at 3 to 5 µs.
    "launch.queued": 4e-6,
    # What torch needs on the host for an op, eager: 12 µs on the CPU of prediction.md 1f for common
    # ones; products, convolutions and norms have more arguments, checks and choices: set.
    "dispatch": 12e-6,
    "dispatch.gemm": 15e-6,
    "dispatch.conv": 25e-6,
    "dispatch.pointwise": 25e-6,
    "dispatch.depthwise": 25e-6,
    "dispatch.norm": 20e-6,
    "dispatch.spread": 0.35,
    # The same of a whole network: ResNet-50's 53 convolutions and norms, 66 others, by the above.
    "summary.host": 3.2e-3,
    "summary.host.compiled": 0.3,
    # Kernels beside those of a plain network of that size, counted by layers: MobileNet v3 and
    # EfficientNet, Swin, MaxViT, DenseNet-121, ConvNeXt, ViT-B, Mixer-B.
    "summary.host.depthwise": 2.7,
    "summary.host.padded": 2.7,
    "summary.host.attention": 2.9,
    "summary.host.hybrid": 2.5,
    "summary.host.dense": 2.7,
    "summary.host.former": 1.2,
    "summary.host.plain-vit": 0.8,
    "summary.host.mixer": 0.8,
    "moved.compute": 0.25,
    # A training step in forward passes, where no backward graph is given.
    "ops.training": 3.2,
    # Fused causal attention of serving engines (aiconfigurator's kernels, A100, H100, L40S): 0.55
    # of the matrix rate at 8,000 tokens, 0.25 at 512, where it has some 150 FLOP a byte.
    "attention.share": 0.6,
    "attention.ramp": 150,
    "recurrent.share": 0.3,
    "conv.matrix": 0.75,
    "conv.pointwise": 1.0,
    "conv.strided": 0.9,
    "depthwise.bandwidth": 0.45,
    # torch.compile fuses what stands between products: 1.58 × in the median on one GPU.
    "summary.compile.compute": 1.0,
    "summary.compile.memory": 0.46,
    "summary.gpu.fixed": 3e-4,
    "summary.cpu.fixed": 2e-4,
    # Spreads: standard deviations of ln(time).
    "spread.limited": 1.5,
    "spread.unseen": 1.3,
    "spread.kin": 0.7,
    "spread.form": 0.7,
    "spread.gpu.compute": 0.085,
    "spread.gpu.memory": 0.07,
    "spread.gpu.fixed": 0.20,
    "spread.gpu.level": 0.06,
    "spread.cpu.compute": 0.065,
    "spread.cpu.memory": 0.065,
    "spread.cpu.fixed": 0.20,
    "spread.cpu.level": 0.04,
    "ops.spread": 0.08,
    "ops.spread.gemm": 0.05,
    "ops.spread.bmm": 0.08,
    "ops.spread.elementwise": 0.08,
    "ops.spread.size": 0.04,
    "ops.noise": 0.03,
    "ops.noise.one": 0.16,
    # Products in fp8 of four libraries on one H100 (aiconfigurator): 1.24 × apart in the median.
    "ops.noise.narrow": 0.2,
    "ops.spread.narrow": 0.2,
    # Until they are fitted, with families left out.
    "summary.gpu.spread.stranger": 0.16,
    "summary.gpu.spread.network": 0.1,
    "summary.gpu.noise": 0.07,
    "summary.cpu.spread.stranger": 0.2,
    "summary.cpu.spread.network": 0.18,
    "summary.cpu.noise": 0.07,
    "summary.spread.family": 0.05,
    # Of devices that the networks' correction was fitted on, other copies differ by this share of
    # what devices differ by.
    "fitted.network.NVIDIA GeForce RTX 3090": 0.3,
    "fitted.network.Intel(R) Core(TM) i9-10940X CPU @ 3.30GHz": 0.3,
    "summary.spread.guessed": 0.35,
    "summary.spread.pair": 0.03,
    "summary.spread.phase": 0.10,
    # No tensor cores to dequantise beside: the community's GTX 1050 Ti rows.
    "llm.vector.pascal": 0.12,
    "llm.vector.maxwell": 0.12,
    # HBM wants more bytes in flight than a matrix-vector kernel keeps: set, for want of rows.
    "llm.bandwidth.volta": 0.70,
    "llm.bandwidth.ga100": 0.70,
    "llm.bandwidth.hopper": 0.65,
    "llm.noise": 0.04,
    # Keys and values are read at a lower rate than weights: llama-bench on a Radeon 8060S at 2,000
    # cached tokens 0.3 (grouped heads) to 0.6 of the bandwidth; serving engines split the work.
    "llm.cache": 0.4,
    "llm.cache.served": 0.7,
    "llm.batched": 0.4,
    # Mixtures on that machine: 10 % more bytes than the active share, three times the fixed cost.
    "llm.mixture": 1.1,
    "llm.mixed": 3.0,
    "llm.spread.mixture": 0.15,
    # Prompts. llama.cpp: share of the matrix rate, and FLOP for each unit and clock over 256, from
    # what its int8 kernels keep busy (no prompts of NVIDIA cards are in the data); Radeon: from
    # llama-bench on the 8060S; Apple has no matrix units: its vector rate.
    "llm.prefill": 0.6,
    "llm.prefill.nvidia": 0.75,
    "llm.prefill.nvidia-soc": 0.6,
    "llm.prefill.amd": 0.42,
    "llm.prefill.amd-soc": 0.42,
    "llm.prefill.apple": 0.8,
    "llm.prefill.cpu": 0.4,
    "llm.prefill.served": 0.6,
    "llm.prefill.paced": 3.5,
    "llm.prefill.paced.apple": 10,
    "llm.prefill.paced.amd": 10,
    "llm.prefill.paced.amd-soc": 10,
    # Prompts of mixtures there run at 1.15 × √(active share) of a dense model's rate.
    "llm.prefill.mixture": 1.15,
    "llm.prefill.attention": 3.0,
    "llm.prefill.noise": 0.10,
    "llm.prefill.ramp": 60,
    "llm.spread.model": 0.05,
    "llm.spread.pair": 0.03,
    "llm.spread.kernels": 0.10,
    "opaque.spread.level": 8.0,
    "opaque.spread.gpu.matmul": 0.12,
    "opaque.spread.gpu.bandwidth": 0.13,
    "opaque.spread.gpu.vector": 0.10,
    "opaque.spread.cpu.matmul": 0.05,
    "opaque.spread.cpu.bandwidth": 0.04,
    "opaque.spread.cpu.vector": 0.0,
    "opaque.spread.place": 1.0,
    "opaque.spread.kin": 0.06,
    "opaque.spread.device.cpu": 0.03,
    "opaque.spread.device.gpu": 0.05,
    # What one model gains more on one device than others do: OpenVINO, each CPU left out.
    "opaque.noise.cpu": 0.072,
    "opaque.noise.gpu": 0.055,
    "opaque.gpu.matmul": 0.25,
    "opaque.gpu.bandwidth": 0.42,
    "opaque.gpu.vector": 0.18,
    # A step on n devices takes n^x as long: DeepLearningExamples on 8 V100 and A100 with NVLink
    # keep 0.87 and 0.93 of their sum in the median; without a link, a guess of twice that.
    "opaque.count.link": 0.05,
    "opaque.count.pcie": 0.1,
    "opaque.spread.count": 0.05,
    # Decoding is bound by bytes.
    "opaque.gpu.decode.matmul": 0.05,
    "opaque.gpu.decode.bandwidth": 0.8,
    "opaque.gpu.decode.vector": 0.05,
    "opaque.cpu.decode.matmul": 0.2,
    "opaque.cpu.decode.bandwidth": 0.75,
    "opaque.cpu.decode.vector": 0.0,
    "opaque.cpu.matmul": 0.95,
    "opaque.cpu.bandwidth": 0.05,
    "opaque.cpu.vector": 0.0,
    "allreduce.link": 0.75,
    "allreduce.pcie": 0.35,
    "allreduce.exposed": 0.3,
    "trees.cpu.cores": 48,
    "trees.gpu.bandwidth": 9e11,
    # XGBoost on 10 M rows: H100 3.6 s, A100 3.8, A10G 4.6, V100 5.0, A10 5.7, L4 6.1 (GBM-perf).
    "trees.gpu.gain": 0.25,
    "trees.spread": 0.2,
    "trees.noise": 0.15,
}
SEEN = ("pascal", "gp100", "volta", "turing", "ga100", "ampere", "ada", "hopper")
CATALOGUE = index(parts(()))


def device(name: str, figures: dict[str, float] = PRIORS, count: int = 1) -> Silicon:
    """Return a catalogue device by any of its names."""
    return silicon(resolve(CATALOGUE, name).part, figures, count)


# --- products -----------------------------------------------------------------------------------

TILES = {
    "vector": ("256x128", "128x128", "128x64", "64x128", "64x64", "32x32"),
    "matrix16": ("256x128", "128x256", "128x128", "64x128", "64x64", "16x64"),
    "matrix8": ("256x128", "128x256", "128x128", "64x128", "64x64", "16x64"),
}
SIZES = {"vector": ("fp32", 4.0), "matrix16": ("bf16", 2.0), "matrix8": ("fp8", 1.0)}
START = np.array(
    [
        *map(logit, (0.82, 0.82, 0.77, 0.73, 0.65, 0.38)),
        *(np.log(60), logit(0.73), np.log(5), 1.0, 0.0, np.log(6e-6)),
    ]
)
TIGHT = np.array([0.02] * 6 + [0.02, 0.05, 0.1, 0.02, 0.02, 0.02])
# Before Volta, address arithmetic took the slots of the fp32 lanes: P100 has a level of its own,
# which says nothing of the later ones.
OLD = ("gp100",)
LOOSE = 0.005
# Two boards of 75 W whose clocks wander are of no use for a common constant.
WANDERING = {"Tesla P4", "Tesla T4"}


# Times compare only within one source of kernels; this one was timed on every device.
ONE_SOURCE = "torch_flow"


def products(perf: Path, kind: str, *, one_source: bool = False) -> dict[str, list]:
    """Return measured products by device: ((batch, m, n, k), seconds)."""
    found = defaultdict(list)
    if kind == "vector":
        for op in ("linear", "bmm"):
            for row in rows(perf / f"kernels_fp32/{op}.csv.gz"):
                b, m, n, k = (int(float(row[x])) for x in "BMNK")
                shape = (1, b * m, k, n) if op == "linear" else (b, m, k, n)
                found[row["Device"]].append((shape, float(row["Latency"]) / 1e3))
        return found
    wanted = {"matrix16": "bfloat16", "matrix8": "fp8"}[kind]
    for row in rows(perf / "kernels_lowprec/gemm_perf.csv.gz"):
        if row["gemm_dtype"] == wanted and (not one_source or row["kernel_source"] == ONE_SOURCE):
            shape = (1, *(float(row[x]) for x in "mnk"))
            found[row["device"]].append((shape, float(row["latency"]) / 1e3))
    return found


def constants(x: np.ndarray, kind: str) -> Tiling:
    """Turn a vector of unbounded numbers into the constants of a kind of product."""
    tiles = tuple(
        (*map(int, name.split("x")), share(v)) for name, v in zip(TILES[kind], x, strict=False)
    )
    n = len(tiles)
    return Tiling(
        tiles,
        float(np.exp(x[n])),
        share(x[n + 1]),
        float(np.exp(x[n + 2])),
        1 + float(np.exp(x[n + 3])),
        share(x[n + 4]),
        float(np.exp(x[n + 5])),
    )


def shifted(table: Tiling, compute: float, memory: float) -> Tiling:
    """Return constants whose shares of the rate and of the bandwidth are so many times theirs."""
    tiles = tuple((r, c, min(0.97, v * compute)) for r, c, v in table.tiles)
    return msgspec.structs.replace(
        table, tiles=tiles, bandwidth=min(0.97, table.bandwidth * memory)
    )


def fit_products(perf: Path, kind: str, without: frozenset[str] = frozenset()) -> dict[str, float]:
    """Fit one kind on all devices together; what each device is off by is fitted beside."""
    data = {d: v for d, v in products(perf, kind).items() if d not in without | WANDERING}
    rng = np.random.default_rng(0)
    dtype, size = SIZES[kind]
    machines = [device(name) for name in data]
    picks = [[v[i] for i in rng.permutation(len(v))[:250]] for v in data.values()]
    n = len(START)

    def residuals(x: np.ndarray) -> np.ndarray:
        table = constants(x, kind)
        found = []
        for i, (machine, pick) in enumerate(zip(machines, picks, strict=True)):
            speed = Rate(
                rate(machine, dtype)[0] * np.exp(x[n + 2 * i]),
                left(machine, dtype),
            )
            moved = msgspec.structs.replace(
                machine, bandwidth=machine.bandwidth * np.exp(x[n + 2 * i + 1])
            )
            found += [
                np.log(product(shape, speed, size, moved, table).seconds / seconds)
                for shape, seconds in pick
            ]
        return np.array(found)

    start = np.concatenate([START, np.zeros(2 * len(machines))])
    aged = [machine.architecture in OLD for machine in machines]
    pull = [x for old in aged for x in (LOOSE if old else 0.15, 0.15)]
    x = lean(residuals, start, prior=np.concatenate([TIGHT, pull]))
    table = constants(x, kind)
    prefix = f"gemm.{kind}."
    # What the devices are off by together belongs to the constants, not to each of them.
    together = np.mean([x[n + 2 * i : n + 2 * i + 2] for i, old in enumerate(aged) if not old], 0)
    table = shifted(table, *map(float, np.exp(together)))
    figures = {f"{prefix}tile.{r}x{c}": v for r, c, v in table.tiles}
    rest = ("prologue", "bandwidth", "cached", "power", "smooth", "launch")
    levels = [float(np.exp(x[n + 2 * i] - together[0])) for i, old in enumerate(aged) if old]
    figures |= {f"level.{name}": level for name in OLD for level in levels}
    return figures | {prefix + name: getattr(table, name) for name in rest}


# Operands read and written by the memory-bound ops; the last two go over their rows twice.
MOVED = {"add": 3, "mul": 3, "gelu": 2, "addu": 2, "relu": 2, "softmax": 2, "ln": 2}
ROWS = ("softmax", "ln")


def fit_moved(perf: Path, without: frozenset[str] = frozenset()) -> dict[str, float]:
    """Memory-bound ops on large tensors: shares of the bandwidth by path, and the launch."""
    shares = defaultdict(list)
    launches = []
    for op, operands in MOVED.items():
        for row in rows(perf / f"kernels_fp32/{op}.csv.gz"):
            if row["Device"] in without:
                continue
            moved = operands * 4 * float(row["B"]) * float(row["H"])
            seconds = float(row["Latency"]) / 1e3
            machine = device(row["Device"])
            if moved > 2e8:
                path = "rows" if op in ROWS else "inline" if machine.inline else "moved"
                shares[path].append(moved / seconds / machine.bandwidth)
            elif moved < 1e5:
                launches.append(seconds)
    middle = {path: float(np.median(found)) for path, found in shares.items()}
    return {
        "moved.bandwidth": middle["moved"],
        "moved.inline": middle["inline"] / middle["moved"],
        "rows.bandwidth": middle["rows"],
        "moved.launch": float(np.median(launches)),
    }


def fit_conv(perf: Path, figures: dict[str, float]) -> dict[str, float]:
    """What fp32 convolutions gain or lose against a product of the same size, by path."""
    from advisor.predict.elsewhere.case import OpLine, op
    from advisor.predict.elsewhere.opwise import pieces

    ratios = defaultdict(list)
    base = figures | {"conv.pointwise": 1.0, "conv.strided": 1.0, "conv.winograd": 1.0}
    for i, row in enumerate(rows(perf / "kernels_fp32/conv.csv.gz")):
        if row["Device"] in WANDERING or i % 4:
            continue
        kernel, stride = int(float(row["Kernel_Szie"])), int(float(row["Stride"]))
        side = int(float(row["Input_Size"]))
        line = OpLine(
            op="conv",
            n=int(float(row["B"])),
            c=int(float(row["Input_Channel"])),
            k=int(float(row["Output_Channel"])),
            h=side,
            w=side,
            r=kernel,
            s=kernel,
            stride=stride,
            padding=int(float(row["Padding"])),
        )
        seconds = float(row["Latency"]) / 1e3
        if kernel > side or seconds < 3e-4:
            continue
        (piece,) = pieces([(op(line, 4), "fp32")], device(row["Device"]), base)
        path = "pointwise" if kernel == 1 else "strided" if stride > 1 else "winograd"
        ratios[path].append(piece.timed.seconds / seconds)
    return {f"conv.{path}": float(np.median(v)) for path, v in ratios.items()}


# --- networks by summary ------------------------------------------------------------------------


def networks(perf: Path, which: str) -> list[tuple[summary.Summary, float, Software, float]]:
    """Return timm rows of a device: (network, batch, software, seconds of a batch)."""
    listed = list(rows(perf / "timm_inference.csv.gz"))
    sizes = {
        (r["model"], r["img_size"]): (float(r["gmacs"]), float(r["macts"]))
        for r in listed
        if r["gmacs"] and r["macts"]
    }
    found = []
    for r in listed:
        size = sizes.get((r["model"], r["img_size"]))
        if r["dev"] != which or not size or not r["samples_per_sec"] or not r["param_count"]:
            continue
        torch = {"113": "1.13", "210": "2.1", "221": "2.2", "240": "2.4"}[r["pt"]]
        software = Software(torch, r["dynamo"] == "True", r["layout"])
        batch = float(r["batch_size"])
        found.append((network(r, size), batch, software, batch / float(r["samples_per_sec"])))
    return found


def network(r: dict[str, str], size: tuple[float, float]) -> summary.Summary:
    """Return a timm row's network."""
    side = float(r.get("img_size") or r["train_img_size"])
    return summary.Summary(
        macs=size[0] * 1e9 + 1e5,
        activations=size[1] * 1e6 + 1e4,
        params=float(r["param_count"]) * 1e6,
        input=(3.0, side, side),
        name=r["model"],
    )


PLACES = {"gpu": ("3090", "NVIDIA GeForce RTX 3090", "amp"),
          "cpu": ("i9_10940x", "Intel(R) Core(TM) i9-10940X CPU @ 3.30GHz", "fp32")}  # fmt: skip


def fit_networks(data: list, place: str, figures: dict[str, float]) -> dict[str, float]:
    """Fit the correction on all rows, and how far it is off from families that it has not seen."""
    return _fit_networks(data, place, figures) | _strangers(data, place, figures)


def _strangers(data: list, place: str, figures: dict[str, float], folds: int = 4) -> dict:
    """Spread of families, of networks of one family, and of runs of one network, each left out.

    A spread is the one of the normal distribution that has as many cases within its 80 %.
    """
    machine, dtype = device(PLACES[place][1], figures), PLACES[place][2]
    families = sorted({summary.family_of(row[0].name) for row in data})
    order = np.random.default_rng(0).permutation(families)
    off: dict = defaultdict(lambda: defaultdict(list))
    for fold in range(folds):
        out = set(order[fold::folds])
        train = [row for row in data if summary.family_of(row[0].name) not in out]
        known = figures | _fit_networks(train, place, figures)
        for net, batch, software, seconds in data:
            family = summary.family_of(net.name)
            if family in out:
                run = Run(phase="inference", dtype=dtype, batch=batch, software=software)
                made = summary.forecast(net, machine, run, known).seconds
                off[family][net.name].append(np.log(seconds / made))
    return {f"summary.{place}.{name}": value for name, value in _layers(off).items()}


def _layers(off: dict[str, dict[str, list[float]]]) -> dict[str, float]:
    """Take the layers of an error apart; each case weighs the same."""
    inner, middle, outer = [], [], []
    for nets in off.values():
        means = [float(np.mean(v)) for v in nets.values()]
        whole = float(np.mean(means))
        for mean, v in zip(means, nets.values(), strict=True):
            outer += [whole] * len(v)
            if len(means) > 1:
                middle += [(mean - whole) * (len(means) / (len(means) - 1)) ** 0.5] * len(v)
            if len(v) > 1:
                inner += list((np.array(v) - mean) * (len(v) / (len(v) - 1)) ** 0.5)
    wide = [float(np.quantile(np.abs(v), 0.8)) / 1.2816 for v in (outer, middle, inner)]
    names = ("spread.stranger", "spread.network", "noise")
    return dict(zip(names, wide, strict=True))


def _fit_networks(
    data: list[tuple[summary.Summary, float, Software, float]],
    place: str,
    figures: dict[str, float],
) -> dict[str, float]:
    """Fit shares and accesses by kind, then the correction (robust ridge), then families."""
    machine, dtype = device(PLACES[place][1], figures), PLACES[place][2]
    prefix = f"summary.{place}."
    found = {f"{prefix}share": 0.55, f"{prefix}accesses": 5.0 if place == "gpu" else 3.0}
    found |= _shares(data, machine, dtype, place, found)
    base = figures | found
    logs, names = [], []
    for net, batch, software, seconds in data:
        run = Run(phase="inference", dtype=dtype, batch=batch, software=software)
        logs.append(np.log(seconds / sum(summary.rough(net, machine, run, base))))
        names.append(summary.features(net, run))
    columns = sorted({n for f in names for n in f} - {"one"})
    columns = ["one", *(c for c in columns if place == "gpu" or c != "batch")]
    matrix = np.array([[f.get(c, 0.0) for c in columns] for f in names])
    slope, left = robust(matrix, np.array(logs), 3.0 if place == "gpu" else 12.0)
    found |= {prefix + c: float(v) for c, v in zip(columns, slope, strict=True)}
    families = defaultdict(list)
    for (net, *_), off in zip(data, left, strict=True):
        families[summary.family_of(net.name or "")].append(off)
    for family, offs in families.items():  # shrunk: a family of few rows says little
        found[f"{prefix}family.{family}"] = float(np.median(offs) * len(offs) / (len(offs) + 2))
    return found


def robust(matrix: np.ndarray, y: np.ndarray, ridge: float = 3.0) -> tuple[np.ndarray, np.ndarray]:
    """Ridge regression with weights 1/|residual|."""
    weight = np.ones(len(y))
    penalty = ridge * np.eye(matrix.shape[1])
    for _ in range(10):
        normal = matrix.T @ (matrix * weight[:, None]) + penalty
        slope = np.linalg.solve(normal, matrix.T @ (weight * y))
        left = y - matrix @ slope
        weight = 1 / np.maximum(np.abs(left), 0.07)
        weight /= weight.mean()
    return slope, left


def _shares(data: list, machine: Silicon, dtype: str, place: str, start: dict) -> dict[str, float]:
    """By kind of network: share of the peak (0.3 to 0.8) and accesses an activation (2 to 9)."""
    speed = rate(machine, dtype)[0]
    size = 2.0 if place == "gpu" else 4.0
    found = {}
    by_kind = defaultdict(list)
    for net, batch, _, seconds in data:
        x = (2 * net.macs * batch / speed, net.activations * batch * size / machine.bandwidth)
        by_kind[summary.kind_of(net.name)].append((*x, seconds))
    for kind, points in by_kind.items():
        table = np.array(points)
        y = np.log(table[:, 2])
        best = (np.inf, 0.0, 0.0)
        for part in np.arange(0.30 if place == "gpu" else 0.10, 0.81, 0.05):
            for reads in np.arange(2.0, 9.1 if place == "gpu" else 20, 0.5):
                off = np.log(table[:, 0] / part + table[:, 1] * reads) - y
                # Prior: what products reach (0.6), and a few passes between them (5).
                cost = (
                    np.mean(np.abs(off)) + 0.1 * (part / 0.6 - 1) ** 2 + 0.02 * (reads / 5 - 1) ** 2
                )
                best = min(best, (cost, part, reads))
        found[f"summary.{place}.share.{kind}"] = float(best[1])
        found[f"summary.{place}.accesses.{kind}"] = float(best[2])
    return found


def trained(perf: Path) -> list[tuple[summary.Summary, float, Software, float]]:
    """Return timm's training rows: (network, batch, software, seconds of a step)."""
    sizes = {}
    for r in rows(perf / "timm_inference.csv.gz"):
        if r["gmacs"] and r["macts"]:
            sizes[(r["model"], r["img_size"])] = (float(r["gmacs"]), float(r["macts"]))
    found = []
    for r in rows(perf / "timm_training_rtx3090.csv.gz"):
        size = sizes.get((r["model"], r["train_img_size"]))
        if not size or not r["train_samples_per_sec"]:
            continue
        batch = float(r["train_batch_size"])
        software = Software("1.12", False, "nhwc" if "nhwc" in r["source_file"] else "nchw")
        found.append((network(r, size), batch, software, batch / float(r["train_samples_per_sec"])))
    return found


def fit_training(perf: Path, figures: dict[str, float]) -> dict[str, float]:
    """Seconds of a training step over seconds of inference at that batch, by kind."""
    machine = device(PLACES["gpu"][1], figures)
    ratios = defaultdict(list)
    for net, batch, software, seconds in trained(perf):
        run = Run(phase="inference", dtype="amp", batch=batch, software=software)
        made = summary.forecast(net, machine, run, figures)
        ratios[summary.kind_of(net.name)].append(seconds / made.seconds)
    every = [x for v in ratios.values() for x in v]
    found = {f"summary.training.{k}": float(np.median(v)) for k, v in ratios.items()}
    return found | {"summary.training": float(np.median(every))}


# --- language models ----------------------------------------------------------------------------

# Parameters (10⁹) of dense models in the community tables, from their model cards.
PARAMETERS = {
    r"llama-?3\.2[-:]1b": 1.24, r"smollm2-1\.7b": 1.71, r"qwen3-1\.7b": 1.72,
    r"llama-?3\.2[-:]3b|llama 3\.2:3b": 3.21, r"qwen2\.5-coder-3b": 3.09, r"qwen3-4b-q": 4.02,
    r"phi-3\.5-mini": 3.82, r"mistral-7b": 7.25, r"qwen2\.5-7b|qwen2\.5-coder-7b": 7.62,
    r"distill-qwen-7b": 7.62, r"falcon3-7b": 7.46, r"llama-?3\.1[-:]8b|distill-llama-8b": 8.03,
    r"ministral-8b": 8.02, r"qwen3-8b-q": 8.19, r"granite-3\.1-8b": 8.17, r"yi-1\.5-9b": 8.83,
    r"mistral-nemo": 12.2, r"phi-3-medium": 14.0, r"qwen3-14b": 14.8, r"phi-4-q": 14.7,
    r"qwen2\.5-14b|coder-14b|distill-qwen-14b|deepseek r1 14b": 14.8, r"mistral-small-24b": 23.6,
    r"codestral-22b": 22.2, r"qwen3-32b|qwen2\.5-32b|coder-32b": 32.8, r"70b": 70.6,
}  # fmt: skip
# What a row of geerlingguy's table ran on, where the host does not slow it.
HOSTS = {
    "Intel 265K Custom PC (Nvidia RTX 4090)": "NVIDIA GeForce RTX 4090",
    "Intel 265K Custom PC (Nvidia RTX 3080 Ti)": "NVIDIA GeForce RTX 3080 Ti",
    "Intel 265K Custom PC (Nvidia RTX 4070 Ti)": "NVIDIA GeForce RTX 4070 Ti",
    "Intel 265K Custom PC (Nvidia RTX 2080 Ti)": "NVIDIA GeForce RTX 2080 Ti",
    "Intel 265K Custom PC (Nvidia RTX 3060)": "NVIDIA GeForce RTX 3060",
    "Intel 265K Custom PC (Nvidia RTX A4000)": "NVIDIA RTX A4000",
    "Intel 265K Custom PC (AMD Radeon AI Pro R9700)": "AMD Radeon AI PRO R9700",
    "Mac Studio (M3 Ultra 512GB)": "Apple M3 Ultra",
    "M1 Ultra (48 GPU Core) 64GB": "Apple M1 Ultra (48 GPU cores)",
    "M1 Max Mac Studio (10 core - 64GB)": "Apple M1 Max",
    "M4 Mac mini (10 core - 32GB)": "Apple M4",
    "Dell Pro Max with GB10 (Nvidia Spark)": "NVIDIA GB10",
}
Q4_K_M = 4.9 / 8  # bytes a parameter


def language(perf: Path) -> list[tuple[str, float, float, float]]:
    """Return (device, parameters, bytes, seconds a token) of dense models that fit the device."""
    found = []
    for r in rows(perf / "llmfit_community.csv.gz"):
        size = _parameters(r["model"])
        name = r["hardware"]
        if not size or "Q4_K_M" not in r["model"] or r["gpu_count"] != "1" or "fp16" in r["model"]:
            continue
        bytes_ = size * 1e9 * Q4_K_M
        memory = float(r["vram_gb"] or 0) * 2**30
        if bytes_ < 0.85 * memory and _exists(name):
            found.append((name, size * 1e9, bytes_, 1 / float(r["gen_tok_s"])))
    for r in rows(perf / "geerlingguy.csv.gz"):
        size = _parameters(r["model"])
        if size and r["system"] in HOSTS and r["processor"] == "GPU":
            one = (size * 1e9, size * 1e9 * Q4_K_M, 1 / float(r["gen_tok_s"]))
            found.append((HOSTS[r["system"]], *one))
    return found


def _parameters(name: str) -> float | None:
    return next((v for p, v in PARAMETERS.items() if re.search(p, name.casefold())), None)


def _exists(name: str) -> bool:
    return key(name) in CATALOGUE


# Whose constants are drawn towards whose.
HOUSES = {"": None, "nvidia": "", "amd": "", "apple": "", "nvidia-soc": "", "apple-m1": "apple",
          "apple-m4": "apple"}  # fmt: skip


# Constants others found on older and longer runs (1,500 tokens of context in the mean): share of
# the bandwidth and seconds a token, for cards of which nothing else is in the data. They stand for
# kernels of 2024 beside the data's of 2026.
OLDER = {
    (0.70, 0.0030): ("NVIDIA GeForce RTX 3090", "NVIDIA GeForce RTX 4090", "NVIDIA RTX A6000"),
    (0.65, 0.0045): ("Apple M1 Pro", "Apple M2 Max", "Apple M2 Ultra", "Apple M3 Max"),
}  # fmt: skip


def older() -> list[tuple[str, float, float, float, float]]:
    """Return what those constants say of a model of 8 and one of 14 G parameters."""
    found = []
    for (wide, fixed), names in OLDER.items():
        for name in names:
            for params in (8.03e9, 14.8e9):
                size = params * Q4_K_M
                seconds = size / (wide * device(name).bandwidth) + fixed
                found.append((name, params, size, seconds, 1500.0))
    return found


def fit_language(perf: Path, without: frozenset[str] = frozenset()) -> dict[str, float]:
    """e, c and t0 by vendor, drawn towards common values."""
    from advisor.predict.elsewhere.decode import Language, forecast

    data = [(*row, 512.0) for row in language(perf)] + older()
    data = [row for row in data if row[0] not in without]
    machines = {row[0]: device(row[0]) for row in data}
    run = Run(phase="decode", dtype="Q4_K_M")
    y = np.log([row[3] for row in data])
    often = Counter(row[0] for row in data)
    weight = np.array([often[row[0]] ** -0.8 for row in data])  # a device is one witness

    def figures(x: np.ndarray) -> dict[str, float]:
        made = {}
        totals: dict[str | None, np.ndarray] = {None: np.zeros(3)}
        for i, (name, above) in enumerate(HOUSES.items()):
            own = totals[name] = totals[above] + x[3 * i : 3 * i + 3]
            dot = f".{name}" if name else ""
            made[f"llm.bandwidth{dot}"] = share(own[0])
            made[f"llm.vector{dot}"] = float(np.exp(own[1]))
            made[f"llm.fixed{dot}"] = float(np.exp(own[2]))
        return made

    def residuals(x: np.ndarray) -> np.ndarray:
        made = PRIORS | figures(x)
        found = []
        for name, params, size, _, context in data:
            model = Language(params=params, bytes=size, context=context)
            found.append(np.log(forecast(model, machines[name], run, made).seconds))
        return (np.array(found) - y) * weight

    start = np.zeros(3 * len(HOUSES))
    start[:3] = logit(0.8), np.log(0.4), np.log(2e-3)
    made = figures(lean(residuals, start, prior=0.1))
    newest = {k.replace("apple-m4", "apple-m5"): v for k, v in made.items() if "apple-m4" in k}
    return (
        made
        | newest
        | {
            "llm.bandwidth.cpu": 0.6,
            "llm.vector.cpu": 0.4,
            "llm.fixed.cpu": 2e-3,
        }
    )


# --- trees --------------------------------------------------------------------------------------


# Cores of one socket, and boost clock in GHz (vendors' pages), of the machines in the table.
SOCKETS = {"c5.metal": (24, 3.9), "c5a": (48, 3.3), "r4.16": (16, 3.0)}


def fit_trees(perf: Path, without: str = "") -> dict[str, float]:
    """XGBoost by histograms: a serial part and one shared by the cores of a socket; a GPU's."""
    host, card = [], []
    for r in rows(perf / "boosted_trees.csv.gz"):
        if r["tool"] != "xgboost":
            continue
        size, seconds = float(r["rows_m"]), float(r["time_s"])
        name = next((name for name in SOCKETS if r["machine"].startswith(name)), "")
        if r["gpu"] and seconds < 8:
            card.append((size, seconds))
        elif not r["gpu"] and r["cores"] and name and name != without:
            cores, clock = SOCKETS[name]
            if 2 <= float(r["cores"]) <= cores:
                host.append((size, float(r["cores"]), 3.5 / clock, seconds))
    table = np.array(host)

    def residuals(x: np.ndarray) -> np.ndarray:
        n, cores, slow, seconds = table.T
        serial, per_row, fixed, many = np.exp(x[:4])
        made = serial + per_row * n + (fixed + many * n ** x[4]) / cores ** x[5]
        return np.log(slow ** x[6] * made / seconds)

    start = np.array([np.log(0.2), np.log(0.5), np.log(1.5), np.log(25), 1.0, 1.0, 0.8])
    x = lean(residuals, start, prior=np.array([0.001] * 4 + [0.05] * 3))
    gpu = np.array(card)

    def card_residuals(x: np.ndarray) -> np.ndarray:
        return np.log((np.exp(x[0]) + np.exp(x[1]) * gpu[:, 0]) / gpu[:, 1])

    z = lean(card_residuals, np.array([np.log(0.6), np.log(0.44)]), prior=0.001)
    names = ("serial", "serial.rows", "fixed", "rows", "power", "gain", "clock")
    values = [*np.exp(x[:4]), *x[4:]]
    return {f"trees.cpu.{n}": float(v) for n, v in zip(names, values, strict=True)} | {
        "trees.gpu.fixed": float(np.exp(z[0])),
        "trees.gpu.rows": float(np.exp(z[1])),
    }


def everything(perf: Path) -> dict[str, float]:
    """Fit all sections on all data."""
    figures = dict(PRIORS) | {f"seen.{name}": 1.0 for name in SEEN}
    for kind in TILES:
        figures |= fit_products(perf, kind)
    figures |= fit_moved(perf)
    figures |= fit_conv(perf, figures)
    for place, (which, *_) in PLACES.items():
        figures |= fit_networks(networks(perf, which), place, figures)
    figures |= fit_training(perf, figures)
    figures |= fit_language(perf)
    return figures | fit_trees(perf)


HEAD = """# Made by tests/tools/fit_elsewhere.py; do not edit by hand.
constants: elsewhere
title: Constants of hardware that is not at hand, by what was published of it
source: >-
  kernels of sitar-lab/NeuSight 6945927 and ai-dynamo/aiconfigurator 095f58a; results of
  huggingface/pytorch-image-models; tables of AlexsJones/llmfit and geerlingguy/ai-benchmarks;
  szilard/GBM-perf 0e9d8ad; openvinotoolkit/openvino 16867e9; priors with reasons in the script
"""


def main() -> None:
    """Print the constants as YAML."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--taken", default="2026-11-23")
    given = parser.parse_args()
    figures = everything(given.data / "perf")
    print(HEAD + f'taken: "{given.taken}"\nfigures:')
    for name in sorted(figures):
        print(f"  {name}: {figures[name]:.5g}")


if __name__ == "__main__":
    main()
