"""Refit rules/constants/{cpu,gpu}.yaml: python tests/tools/refit_here.py DATA [--profile P …].

DATA is a folder with ``kernels_fp32/`` (single kernels on five GPUs) and ``timm_inference.csv.gz``
(networks on a Core i9-10940X). What single kernels show is fitted for each class of ops on GPUs;
of a processor whole networks show two figures, what convolutions reach of the peak and what all
else reaches of the bandwidth. Everything else about processors is set, unless profiles of other
machines are given whose `bench` timed operations (never the machine that is then predicted).
Prints the fits, and writes them with ``--write``.
"""

import argparse
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import yaml
from fit_lib import ROOT, lean, rows

from advisor.constants import ClassConstants, ConstantSet
from advisor.estimate import Basis
from advisor.operation import Op, op_class, work
from advisor.predict.figures import Figures, measured
from advisor.predict.roofline import roofline
from advisor.profile import Profile

FILES = ROOT / "rules" / "constants"
# What a fit may move a share by (in ln) before the data must insist; fewer rows are no fit.
PRIOR, LEAST = 0.02, 30
POWERS = (1.0, 1.5, 2.0, 3.0)
MOVING = {"add": ("add", 2), "mul": ("mul", 2), "addu": ("add", 1), "relu": ("relu", 1),
          "gelu": ("gelu", 1), "tanh": ("tanh", 1), "softmax": ("softmax", 1),
          "ln": ("layer_norm", 1)}  # fmt: skip
KINDS = {"softmax": "softmax", "ln": "norm"}


class Timed(NamedTuple):
    """An op that was timed: on which device, how long, and what a launch costs there."""

    op: Op
    seconds: float
    figures: Figures
    launch: float
    backward: bool = False


def basis(value: float) -> Basis:
    return Basis(fact="", value=value, low=value, high=value, origin="", source="")


def kernels(data: Path) -> list[Timed]:
    """Read single kernels; a device's peak and bandwidth are the best that its rows reached."""
    found = [*_products(data), *_convolutions(data), *_moving(data)]
    peaks: dict[str, float] = defaultdict(float)
    rates: dict[str, float] = defaultdict(float)
    launches: dict[str, list[float]] = defaultdict(list)
    for device, op, seconds in found:
        done = work(op)
        if op_class(op) == "gemm":
            peaks[device] = max(peaks[device], done.flops / seconds)
        if op.op == "elementwise" and done.elements > 5e7:
            rates[device] = max(rates[device], 4 * done.elements / seconds)
        if op.op == "elementwise" and done.elements < 3e4:
            launches[device].append(seconds)
    figures = {
        name: Figures(
            place="gpu:0", constants="gpu", peaks={"fp32": basis(peaks[name])},
            bandwidth=basis(rates[name]),
        )
        for name in peaks
    }  # fmt: skip
    return [
        Timed(op, seconds, figures[device], float(np.median(launches[device])))
        for device, op, seconds in found
        if device in figures and rates[device] and launches[device]
    ]


def _products(data: Path) -> Iterable[tuple[str, Op, float]]:
    for name in ("linear", "bmm"):
        for row in rows(data / f"kernels_fp32/{name}.csv.gz"):
            b, m, n, k = (int(float(row[x])) for x in "BMNK")
            if name == "linear":  # (B, M, N) through N → K
                shape, weights = {"m": b * m, "n": k, "k": n}, 1.0 * n * k
            else:  # (B, M, N) × (B, N, K)
                shape, weights = {"m": m, "n": k, "k": n, "batch": b}, 0.0
            op = Op(
                op="gemm", kernel="linear" if weights else "matmul", shape=shape, weights=weights
            )
            yield row["Device"], op, float(row["Latency"]) / 1e3


def _convolutions(data: Path) -> Iterable[tuple[str, Op, float]]:
    for row in rows(data / "kernels_fp32/conv.csv.gz"):
        n, c, k, r, side, stride, padding = (
            int(float(row[x])) for x in ("B", "Input_Channel", "Output_Channel", "Kernel_Szie",
                                         "Input_Size", "Stride", "Padding")
        )  # fmt: skip
        if r > side + 2 * padding:
            continue
        shape = {"n": n, "c": c, "h": side, "w": side, "k": k, "r": r, "s": r}
        op = Op(op="conv", kernel="convolution",
                shape=shape | {"stride": stride, "padding": padding})  # fmt: skip
        yield row["Device"], op, float(row["Latency"]) / 1e3


def _moving(data: Path) -> Iterable[tuple[str, Op, float]]:
    for name, (kernel, reads) in MOVING.items():
        path = data / f"kernels_fp32/{name}.csv.gz"
        if not path.exists():
            continue
        for row in rows(path):
            count = float(row["B"]) * float(row["H"])
            op = Op(op=KINDS.get(name, "elementwise"), kernel=kernel,  # type: ignore[arg-type]
                    reads=reads * count, writes=count)  # fmt: skip
            yield row["Device"], op, float(row["Latency"]) / 1e3


def profiles(paths: list[Path]) -> list[Timed]:
    """Read the timed operations of saved profiles."""
    found = []
    for path in paths:
        figures = measured(msgspec.json.decode(path.read_bytes(), type=Profile), "cpu")
        for (_, dtype), points in figures.points.items():
            if dtype == "fp32" and "fp32" in figures.peaks and figures.bandwidth:
                found += [Timed(p.op, p.seconds, figures, 0.0, p.backward) for p in points]
    return found


def fit(timed: list[Timed], old: ClassConstants) -> ClassConstants:
    """Fit the shares and the exponent of one class; the spread is what is left between ops."""
    forward = [t for t in timed if not t.backward]
    best: tuple[float, ClassConstants, np.ndarray] | None = None
    for power in POWERS:
        start = np.log([old.compute, old.memory])

        def residuals(x: np.ndarray, power: float = power) -> np.ndarray:
            return errors(forward, _with(old, x, power))

        x = lean(residuals, start, prior=PRIOR)
        made = _with(old, x, power)
        left = errors(forward, made)
        cost = float(np.abs(left).mean())
        if best is None or cost < best[0]:
            best = cost, made, left
    assert best
    _, made, left = best
    spread = float(1.4826 * np.median(np.abs(left - np.median(left))))
    return msgspec.structs.replace(
        made, spread=round(max(spread, 0.1), 2), backward=_backward(timed, made)
    )


def _with(old: ClassConstants, x: np.ndarray, power: float) -> ClassConstants:
    compute, memory = (float(f"{np.exp(value):.3g}") for value in x)
    return msgspec.structs.replace(old, compute=compute, memory=memory, power=power)


def errors(timed: list[Timed], known: ClassConstants) -> np.ndarray:
    """Return ln(predicted / measured)."""
    found = []
    for t in timed:
        base = roofline(t.op, t.figures, known, "fp32")
        assert base
        found.append(np.log((base[0] + t.launch) / t.seconds))
    return np.array(found)


def _backward(timed: list[Timed], known: ClassConstants) -> float:
    back = [t for t in timed if t.backward]
    if len(back) < 5:
        return known.backward
    return round(float(np.exp(-np.median(errors(back, known)))), 2)


def fitted(timed: list[Timed], constants: ConstantSet) -> dict[str, ClassConstants]:
    """Fit every class that has rows enough, and say how well."""
    by: dict[str, list[Timed]] = defaultdict(list)
    for one in timed:
        by[op_class(one.op)].append(one)
    found = {}
    for name, mine in sorted(by.items()):
        if len(mine) < LEAST:
            continue
        old = constants.classes.get(name) or constants.classes["elementwise"]
        sample = mine[:: max(len(mine) // 1500, 1)]
        found[name] = fit(sample, old)
        before, after = (np.abs(np.expm1(errors([t for t in sample if not t.backward], one)))
                         for one in (old, found[name]))  # fmt: skip
        print(
            f"{constants.constants} {name:12} n={len(mine):6}  median error"
            f" {np.median(before):4.0%} -> {np.median(after):4.0%}  {found[name]}"
        )
    return found


def networks(data: Path) -> tuple[float, float]:
    """Fit shares of peak and bandwidth to whole networks on the i9-10940X, fp32, batch 1.

    14 cores at 3.3 GHz all-core (Intel ARK: base 3.3), two AVX-512 units: 2·2·16 FLOP a cycle;
    four channels of DDR4-2933 (Intel ARK: 94 GB/s).
    """
    peak, bandwidth = 14 * 3.3e9 * 64, 94e9
    table = [
        (2e9 * float(r["gmacs"]), 4e6 * (2 * float(r["macts"]) + float(r["param_count"])),
         1 / float(r["samples_per_sec"]))
        for r in rows(data / "timm_inference.csv.gz")
        if "i9" in r["dev"] and r["gmacs"] and r["macts"] and float(r["batch_size"]) == 1
    ]  # fmt: skip
    flops, moved, seconds = np.array(table).T

    def residuals(x: np.ndarray) -> np.ndarray:
        return np.log(
            (flops / (peak * np.exp(x[0])) + moved / (bandwidth * np.exp(x[1]))) / seconds
        )

    x = lean(residuals, np.log([0.5, 0.5]))
    left = np.abs(np.expm1(residuals(x)))
    print(f"cpu networks n={len(table)}: peak × {np.exp(x[0]):.2f}, bandwidth × {np.exp(x[1]):.2f},"
          f" median error {np.median(left):.0%}")  # fmt: skip
    return float(np.exp(x[0])), float(np.exp(x[1]))


def read(kind: str) -> ConstantSet:
    text = yaml.safe_load((FILES / f"{kind}.yaml").read_text())
    return msgspec.convert(text, ConstantSet, strict=False)


def write(kind: str, found: dict[str, ClassConstants]) -> None:
    """Put fitted classes in place of the lines that stand there; the date is today's."""
    path = FILES / f"{kind}.yaml"
    text = path.read_text()
    for name, c in found.items():
        line = (
            f"  {name}: {{compute: {c.compute:g}, memory: {c.memory:g}, power: {c.power:g},"
            f" spread: {c.spread:g}, backward: {c.backward:g},"
            f" measured_spread: {c.measured_spread:g}}}"
        )
        text, there = re.subn(rf"^  {name}: \{{.*\}}", line, text, flags=re.MULTILINE)
        if not there:
            text = text.replace("\nfigures:", f"\n{line}\nfigures:", 1)
    today = datetime.now(UTC).date().isoformat()
    path.write_text(re.sub(r'^taken: ".*"', f'taken: "{today}"', text, flags=re.MULTILINE))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--profile", type=Path, nargs="*", default=[])
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    found = {"gpu": fitted(kernels(chosen.data), read("gpu"))}
    networks(chosen.data)
    if chosen.profile:
        found["cpu"] = fitted(profiles(chosen.profile), read("cpu"))
    for kind, classes in found.items():
        if chosen.write:
            write(kind, classes)


if __name__ == "__main__":
    main()
