"""Score predictions of hardware that was left out: python tests/tools/score_elsewhere.py DATA_DIR.

Every set goes through the batch interface. Error = |predicted/true time − 1|; a naive predictor
(2·macs or flops over peak, or bytes over bandwidth) stands beside each, and how often the 80 %
interval held the truth. Below the table: how often the faster of two devices, and of two cases on
one device, is named right where the truths lie 20 % apart or more.
"""

import argparse
import ast
import csv
import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable
from pathlib import Path

import fit_elsewhere as fit
import msgspec
import numpy as np

from advisor.part import resolve
from advisor.predict.elsewhere.batch import Predictor
from advisor.predict.elsewhere.case import decoded
from advisor.predict.elsewhere.silicon import rate, silicon


class Score(msgspec.Struct):
    """Predicted, naive and true seconds of one set, and whether the interval held the truth.

    ``asked`` are the workload and the device of each row.
    """

    name: str
    gate: float | None = None
    rows: list[tuple[float, float, float, bool]] = []
    asked: list[tuple[Hashable, str]] = []

    def line(self) -> str:
        """One line of the table."""
        t = np.array(self.rows, float)
        error, naive = np.abs(t[:, 0] / t[:, 2] - 1), np.abs(t[:, 1] / t[:, 2] - 1)
        gate = f"≤ {self.gate:.0f}" if self.gate else ""
        return (
            f"{self.name:50} n={len(t):5}  median {100 * np.median(error):5.1f} %  p90"
            f" {100 * np.quantile(error, 0.9):5.1f} %  naive {100 * np.median(naive):5.1f} %"
            f"  held {100 * t[:, 3].mean():4.0f} %  {gate}"
        )

    @property
    def median(self) -> float:
        """Median error, per cent."""
        t = np.array(self.rows, float)
        return float(100 * np.median(np.abs(t[:, 0] / t[:, 2] - 1)))

    @property
    def held(self) -> float:
        """How many truths lay in their interval, per cent."""
        return float(100 * np.mean([row[3] for row in self.rows]))


def predictor(figures: dict[str, float]) -> Predictor:
    """Make a predictor from figures, on the shipped catalogue."""

    def device(name: str, count: int, _: str | None) -> tuple:
        found = resolve(fit.CATALOGUE, name)
        return silicon(found.part, figures, count), found.note

    return Predictor(figures, device, no_graph)


def no_graph(_: object) -> object:
    """No set here names a model file."""
    raise AssertionError


def ask(made: Predictor, case: dict) -> dict:
    """Ask through the JSON of the interface."""
    return made.answer(decoded(json.dumps(case).encode()))


def add(
    score: Score, answer: dict, naive: float, truth: float, asked: tuple[Hashable, str]
) -> None:
    """Note one answer, of which workload and on which device."""
    ends = answer["seconds_range"]
    held = ends["low"] <= truth <= ends["high"]
    score.rows.append((answer["seconds"], naive, truth, held))
    score.asked.append(asked)


# --- the sets -----------------------------------------------------------------------------------


def timm(perf: Path, place: str, base: dict[str, float], gate: float) -> list[Score]:
    """Half of the families fitted, the other half asked; three draws."""
    which, name, dtype = fit.PLACES[place]
    data = fit.networks(perf, which)
    families = sorted({fit.summary.family_of(net.name) for net, *_ in data})
    found = Score(f"timm, families left out: {name[:28]}", gate)
    plain = {k: v for k, v in base.items() if not k.startswith(f"summary.{place}.")}
    keep = {k: v for k, v in fit.PRIORS.items() if k.startswith(f"summary.{place}.")}
    machine = fit.device(name, base)
    for seed in range(3):
        half = set(np.random.default_rng(seed).permutation(families)[: len(families) // 2])
        train = [row for row in data if fit.summary.family_of(row[0].name) in half]
        figures = plain | keep
        figures |= fit.fit_networks(train, place, figures)
        made = predictor(figures)
        for net, batch, software, seconds in data:
            if fit.summary.family_of(net.name) in half:
                continue
            add(
                found,
                ask(made, summary_case(net, batch, software, name, dtype)),
                2 * net.macs * batch / rate(machine, dtype)[0],
                seconds,
                (net, name),
            )
    return [found]


def summary_case(net: object, batch: float, software: object, name: str, dtype: str) -> dict:
    """Write a network as a case."""
    return {
        "id": 1,
        "device": name,
        "phase": "inference",
        "dtype": dtype,
        "batch": batch,
        "software": msgspec.to_builtins(software),
        "workload": msgspec.to_builtins(net),
    }


def gemm(perf: Path, base: dict[str, float], draws: int = 5) -> list[Score]:
    """Products in bf16 and in fp8, each device left out, 20 shapes on it known."""
    return [
        score
        for kind, dtype, gate in (("matrix16", "bf16", 12.0), ("matrix8", "fp8", None))
        for score in _gemm(perf, base, kind, dtype, gate, draws)
    ]


def _gemm(
    perf: Path, base: dict[str, float], kind: str, dtype: str, gate: float | None, draws: int
) -> list[Score]:
    data = fit.products(perf, kind, one_source=True)
    scores = []
    for name, points in data.items():
        figures = base | fit.fit_products(perf, kind, frozenset({name}))
        made, machine = predictor(figures), fit.device(name, base)
        found = Score(f"{dtype} gemm, 20 shapes known: {name[:24]}", gate)
        for seed in range(draws):
            rng = np.random.default_rng(seed)
            order = rng.permutation(len(points))
            known = [
                {"device": name, "workload": gemm_ops(points[i][0]), "throughput": 1 / points[i][1]}
                for i in order[:20]
            ]
            for i in order[20:100]:
                shape, seconds = points[i]
                case = ops_case(name, gemm_ops(shape), dtype) | {"known": known}
                naive = 2 * math.prod(shape) / machine.rates[dtype]
                add(found, ask(made, case), naive, seconds, (shape, name))
        scores.append(found)
    return scores


def gemm_ops(shape: tuple) -> dict:
    """Write a product as a workload."""
    b, m, n, k = map(int, shape)
    return {"ops": [{"op": "gemm", "batch": b, "m": m, "n": n, "k": k}]}


def ops_case(name: str, workload: dict, dtype: str) -> dict:
    """Write a list of ops as a case."""
    return {"id": 1, "device": name, "phase": "inference", "dtype": dtype, "workload": workload}


LAYERS = {
    "bert_large": (24, "bert_encoder_layer_0_attention_self_query",
                   "bert_encoder_layer_0_output_layer_norm"),
    "gpt2_large": (36, "transformer_h_0_ln_1", "add_15"),
    "gpt3_xl": (24, "transformer_h_0_ln_1", "add_15"),
    "gpt3_27": (32, "transformer_h_0_ln_1", "add_15"),
    "opt_13": (24, "model_decoder_layers_0_self_attn_layer_norm", "view_11"),
}  # fmt: skip


def graph_ops(path: Path, model: str, mode: str) -> dict:
    """Read an op graph of one layer and repeat it; see the data folder's README."""
    times, first, last = LAYERS[model]
    with path.open(encoding="utf-8") as file:
        listed = list(csv.DictReader(file))
    names = [r["Name"] for r in listed]
    start, end = names.index(first), names.index(last)
    if first + "_grad" in names:
        start = min(start, names.index(first + "_grad"))
    ops: Counter = Counter()
    columns = ("FwOps",) if mode == "inf" else ("FwOps", "BwOps", "AccOps")
    for i, row in enumerate(listed):
        for column in columns:
            for kind, *shape in ast.literal_eval(row[column] or "[]"):
                line = graph_op(kind, shape[0])
                if line:
                    ops[json.dumps(line)] += times if start <= i <= end else 1
    return {"ops": [json.loads(line) | {"count": n} for line, n in ops.items()]}


def graph_op(kind: str, shape: tuple) -> dict | None:
    """Write one entry of a graph as an op."""
    if kind == "Linear":
        return {"op": "gemm", "m": shape[0], "n": shape[2], "k": shape[1]}
    if kind == "BMM":
        return {"op": "gemm", "batch": shape[0], "m": shape[1], "n": shape[3], "k": shape[2]}
    if kind == "MEM":
        return {"op": "mem", "bytes": 4 * sum(math.prod(s) for s in shape)}
    if kind.startswith("VEC"):
        operands = 3 if kind[3:] in {"add", "mul", "div", "pow"} else 2
        return {"op": kind[3:], "bytes": 4 * operands * shape[0] * shape[1]}
    return None


DEVICES = {
    "Tesla_V100-PCIE-32GB": "Tesla V100-PCIE-32GB",
    "NVIDIA_A100-PCIE-40GB": "NVIDIA A100-PCIE-40GB",
}


def graphs(perf: Path, base: dict[str, float]) -> list[Score]:
    """Transformer graphs, each device left out: from its figures alone, and with 38 ops known."""
    bare = Score("transformer graphs, V100 and A100, nothing known", 9)
    found = Score("transformer graphs, V100 and A100, 38 ops known", 6)
    for label, name in DEVICES.items():
        figures = base | fit.fit_products(perf, "vector", frozenset({name}))
        figures |= fit.fit_moved(perf, frozenset({name}))
        made, known = predictor(figures), sample(perf, name)
        for row in fit.rows(perf / "transformer_end_to_end.csv"):
            if row["device"] != label or row["option"] or row["model_name"] not in LAYERS:
                continue
            model, mode = row["model_name"], row["mode"]
            file = f"{model}-{mode}-{row['seqlen']}-{row['batch']}.csv"
            workload = graph_ops(perf / "transformer_graphs" / file, model, mode)
            seconds = float(row["label_all_e2e_latency"]) / 1e3
            naive = naive_graph(workload, fit.device(name, base))
            case = ops_case(name, workload, "fp32")
            add(bare, ask(made, case), naive, seconds, (file, name))
            add(found, ask(made, case | {"known": known}), naive, seconds, (file, name))
    return [bare, found, *(alone(s, n) for s in (bare, found) for n in DEVICES.values())]


def naive_graph(workload: dict, machine: object) -> float:
    """Take the peak rate for every product, and no time for the rest."""
    products = [o for o in workload["ops"] if o["op"] == "gemm"]
    flops = sum(2 * o["count"] * o.get("batch", 1) * o["m"] * o["n"] * o["k"] for o in products)
    return flops / machine.vector


def alone(score: Score, name: str) -> Score:
    """Return what a score has of one device."""
    mine = [i for i, (_, device) in enumerate(score.asked) if device == name]
    rows, asked = [score.rows[i] for i in mine], [score.asked[i] for i in mine]
    title = score.name.replace("V100 and A100", "V100 alone" if "V100" in name else "A100 alone")
    return Score(title, score.gate, rows, asked)


def sample(perf: Path, name: str) -> list[dict]:
    """Draw what a short calibration measures: 16 linear, 16 batched, 6 adds of workload size."""
    rng = np.random.default_rng(1)
    found = []
    for batched in (False, True):
        points = [
            (s, t)
            for s, t in fit.products(perf, "vector")[name]
            if (s[0] > 1) == batched and 2e-4 < t < 5e-2 and min(s[1:]) >= 64
        ]
        picks = [points[i] for i in rng.permutation(len(points))[:16]]
        found += [{"device": name, "workload": gemm_ops(s), "throughput": 1 / t} for s, t in picks]
    adds = [
        r
        for r in fit.rows(perf / "kernels_fp32/add.csv.gz")
        if r["Device"] == name and float(r["B"]) * float(r["H"]) > 2e6
    ]
    for i in rng.permutation(len(adds))[:6]:
        moved = 12 * float(adds[i]["B"]) * float(adds[i]["H"])
        found.append(
            {
                "device": name,
                "workload": {"ops": [{"op": "add", "bytes": moved}]},
                "throughput": 1e3 / float(adds[i]["Latency"]),
            }
        )
    return found


OPENVINO = {
    "i3-8100": ("Intel(R) Core(TM) i3-8100 CPU @ 3.60GHz", 1),
    "i7-1185G7": ("11th Gen Intel(R) Core(TM) i7-1185G7 @ 3.00GHz", 1),
    "i7-12700H": ("12th Gen Intel(R) Core(TM) i7-12700H", 1),
    "i9-13900K": ("13th Gen Intel(R) Core(TM) i9-13900K", 1),
    "Xeon Platinum 8270 x2": ("Intel(R) Xeon(R) Platinum 8270 CPU @ 2.70GHz", 2),
    "Xeon Platinum 8380 x2": ("Intel(R) Xeon(R) Platinum 8380 CPU @ 2.30GHz", 2),
}


def opaque_case(name: str, count: int, dtype: str, label: str, phase: str, known: list) -> dict:
    """Write a workload of which only measurements are known."""
    return {
        "id": 1, "device": name, "count": count, "phase": phase, "dtype": dtype,
        "workload": {"opaque": label}, "known": known,
    }  # fmt: skip


def openvino(perf: Path, base: dict[str, float]) -> list[Score]:
    """Each CPU left out: its frame rate from those of the others; then one other model known."""
    made = predictor(base)
    scores = []
    for dtype, gate in (("fp32", 12.0), ("int8", None)):
        table = defaultdict(dict)
        for r in fit.rows(perf / "openvino_cpu.csv"):
            if r["precision"] == dtype:
                table[r["model"]][r["platform"]] = float(r["throughput_fps"])
        lone = Score(f"OpenVINO {dtype}, each CPU left out", gate)
        one = Score(f"OpenVINO {dtype}, one model known there")
        five = Score(f"OpenVINO {dtype}, five models known there")
        for model, rates in table.items():
            for left, truth in rates.items():
                name, count = OPENVINO[left]
                known = [
                    {"device": OPENVINO[p][0], "count": OPENVINO[p][1], "throughput": fps}
                    for p, fps in rates.items()
                    if p != left
                ]
                naive = naive_opaque(known, name, count, dtype, base)
                case = opaque_case(name, count, dtype, model, "inference", known)
                add(lone, ask(made, case), naive, 1 / truth, (model, left))
                others = [m for m in table if m != model and left in table[m]][:5]
                told = [
                    {"device": OPENVINO[p][0], "count": OPENVINO[p][1], "throughput": fps,
                     "workload": {"opaque": other}}
                    for other in others for p, fps in table[other].items()
                ]  # fmt: skip
                few = told[: len(table[others[0]])]
                for score, more in ((one, few), (five, told)):
                    answer = ask(made, case | {"known": known + more})
                    add(score, answer, naive, 1 / truth, (model, left))
        scores += [lone, one, five]
    return scores


def naive_opaque(known: list, name: str, count: int, dtype: str, figures: dict) -> float:
    """Scale the first known throughput by the ratio of peaks."""
    first = known[0]
    here = rate(fit.device(name, figures, count), dtype)[0]
    there = rate(fit.device(first["device"], figures, first.get("count", 1)), dtype)[0]
    return there / (first["throughput"] * here)


MLPERF = {
    "NVIDIA A30": "NVIDIA A30",
    "NVIDIA H100-PCIe-80GB": "NVIDIA H100 PCIe",
    "NVIDIA L4": "NVIDIA L4",
    "NVIDIA A100-PCIe-80GB": "NVIDIA A100 80GB PCIe",
    "NVIDIA L40": "NVIDIA L40",
    "NVIDIA A40": "NVIDIA A40",
    "NVIDIA H100-SXM-80GB": "NVIDIA H100 80GB HBM3",
    "NVIDIA A100-SXM-80GB": "NVIDIA A100-SXM4-80GB",
    "NVIDIA Jetson AGX Orin": "NVIDIA Jetson AGX Orin",
    "NVIDIA GeForce RTX 4090 (Ada Lovelace)": "NVIDIA GeForce RTX 4090",
    "NVIDIA A2": "NVIDIA A2",
    "Tesla T4": "Tesla T4",
    "NVIDIA T4": "Tesla T4",
}


def offline(perf: Path) -> dict[str, dict[tuple[str, int], float]]:
    """Sort samples/s of one accelerator, the median of what was submitted, by model and device."""
    table: dict = defaultdict(lambda: defaultdict(list))
    for r in fit.rows(perf / "mlperf_inference_v3_0.csv.gz"):
        asked = r["samples_per_s"] and r["scenario"] == "Offline" and r["division"] == "closed"
        if asked and r["accelerator"] in MLPERF and not r["model"].endswith("99.9"):
            each = float(r["samples_per_s"]) / float(r["n_accel"] or 1) / float(r["nodes"] or 1)
            table[r["model"]][MLPERF[r["accelerator"]], 1].append(each)
    return {
        model: {d: float(np.median(v)) for d, v in rates.items()} for model, rates in table.items()
    }


def mlperf(perf: Path, base: dict[str, float]) -> list[Score]:
    """MLPerf inference offline, samples/s of one accelerator: each left out."""
    made = predictor(base)
    found = Score("MLPerf inference offline, each GPU left out")
    for model, rates in offline(perf).items():
        for (left, _), truth in rates.items():
            known = [{"device": d, "throughput": v} for (d, _), v in rates.items() if d != left]
            if known:
                case = opaque_case(left, 1, "int8", model, "inference", known)
                naive = naive_opaque(known, left, 1, "int8", base)
                add(found, ask(made, case), naive, 1 / truth, (model, left))
    return [found]


V100 = {"V100-16GB": "Tesla V100-SXM2-16GB", "V100-32GB": "Tesla V100-SXM2-32GB"}
A100 = {"A100-40GB": "NVIDIA A100-SXM4-40GB", "A100-80GB": "NVIDIA A100-SXM4-80GB"}
# TF32 is what an A100 computes in where a V100 computes in FP32.
PRECISIONS = {"fp32": "fp32", "tf32": "fp32", "mixed": "amp", "amp": "amp", "fp16": "amp"}
NO_MEAN = ("percent", "latency", "%", "speed", "acc", "time")


def examples(perf: Path, base: dict[str, float]) -> list[Score]:
    """DeepLearningExamples: A100 from V100, one GPU, same model, phase, batch and precision."""
    made = predictor(base)
    found = {
        phase: Score(f"DeepLearningExamples V100 → A100, {phase}", None)
        for phase in ("training", "inference")
    }
    for what, rates in pairs(perf).items():
        phase, precision = what[2:4]
        old = next(((n, v) for n, v in rates.items() if n in V100.values()), None)
        for name, truth in rates.items() if old else ():
            if name in V100.values():
                continue
            known = [{"device": old[0], "throughput": old[1], "dtype": precision}]
            dtype = "amp" if precision == "amp" else "tf32"
            case = opaque_case(name, 1, dtype, "x", phase, known)
            naive = naive_opaque(known, name, 1, dtype, base)
            add(found[phase], ask(made, case), naive, 1 / truth, (what, name))
    return [s for s in found.values() if s.rows]


def pairs(perf: Path) -> dict[tuple, dict[str, float]]:
    """Sort the throughputs of one GPU by what was run, then by device."""
    found: dict = defaultdict(dict)
    for r in fit.rows(perf / "deeplearningexamples_v100_a100.csv.gz"):
        name = (V100 | A100).get(r["gpu"])
        precision = PRECISIONS.get(r["precision"].casefold())
        source, column = r["source"].casefold(), r["column"].casefold()
        whole = r["throughput"] and not any(word in column for word in NO_MEAN)
        if not (name and precision and whole) or r["n_gpus"] not in {"", "1.0"}:
            continue
        if r["phase"] not in {"training", "inference"} or "triton" in source or "ncf" in source:
            continue
        rest = sorted((k, v) for k, v in json.loads(r["config"] or "{}").items() if not varies(k))
        what = (source, r["model"] or r["domain"], r["phase"], precision, r["batch"], r["unit"])
        found[(*what, str(rest))].setdefault(name, float(r["throughput"]))
    return found


def varies(heading: str) -> bool:
    """Whether a column says what is measured, or what the key holds already."""
    words = ("batch", "gpu", "loss", "throughput", "precision", "time", "tf32", "fp32")
    return any(word in heading.casefold() for word in words)


def language(perf: Path, base: dict[str, float]) -> list[Score]:
    """Decode, each device left out: nothing known, and one 7B or 8B model known there."""
    data = fit.language(perf)
    bare = Score("LLM decode, each device left out")
    one = Score("LLM decode, one model known there")
    for left in sorted({row[0] for row in data}):
        figures = base | fit.fit_language(perf, frozenset({left}))
        made, machine = predictor(figures), fit.device(left, base)
        mine = [row for row in data if row[0] == left]
        anchor = min(mine, key=lambda row: abs(row[1] - 8e9))
        known = [{"device": left, "workload": llm(anchor), "throughput": 1 / anchor[3]}]
        for row in mine:
            case = {
                "id": 1,
                "device": left,
                "phase": "decode",
                "dtype": "Q4_K_M",
                "workload": llm(row),
            }
            naive = row[2] / machine.bandwidth
            add(bare, ask(made, case), naive, row[3], (row[1], left))
            if row is not anchor:
                add(one, ask(made, case | {"known": known}), naive, row[3], (row[1], left))
    return [bare, one]


def llm(row: tuple) -> dict:
    """Write a language model as a workload."""
    return {"llm": {"params": row[1], "bytes": row[2], "context": 512}}


SETS: dict[str, Callable] = {
    "timm": lambda perf, base: timm(perf, "gpu", base, 12) + timm(perf, "cpu", base, 20),
    "gemm": gemm,
    "graphs": graphs,
    "openvino": openvino,
    "mlperf": mlperf,
    "examples": examples,
    "language": language,
}


def scores(data: Path, names: list[str]) -> list[Score]:
    """Score the named sets, or all."""
    from score_later import LATER

    perf, sets = data / "perf", SETS | LATER
    base = fit.everything(perf)
    return [s for name in names or sets for s in sets[name](perf, base)]


def summed(found: list[Score]) -> list[str]:
    """Lines below the table: coverage over all sets, and orders."""
    from score_order import cases, devices, told

    held = np.mean([score.held for score in found])
    rows = sum(len(score.rows) for score in found)
    lines = [f"held by the 80 % interval, each set weighing the same: {held:.0f} %, {rows} cases"]
    for name, count in (("devices", devices), ("cases on a device", cases)):
        counts = [(score, *count(score)) for score in found]
        lines += [told(f"two {name}: {score.name}", right, n) for score, right, n in counts if n]
        lines.append(told(f"two {name}, all", *np.sum([c[1:] for c in counts], 0)))
    return lines


def main() -> int:
    """Print a line a set; 1 if a gate is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("sets", nargs="*")
    given = parser.parse_args()
    found = scores(given.data, given.sets)
    for score in found:
        print(score.line(), flush=True)
    print(*summed(found), sep="\n")
    return int(any(s.gate and s.median > s.gate for s in found))


if __name__ == "__main__":
    sys.exit(main())
