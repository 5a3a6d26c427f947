"""Sets that leave out what came later, and sets with one and with five measurements on the target.

A part is predicted from constants fitted on, or measurements of, parts that were launched before.
"""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import fit_elsewhere as fit
import numpy as np
import score_elsewhere as sets

from advisor.part import resolve
from advisor.predict.elsewhere.silicon import rate


def launch(name: str) -> str:
    """Return the month a device was launched in."""
    return resolve(fit.CATALOGUE, name).part.launch or "9999"


def products(perf: Path, base: dict[str, float]) -> list[sets.Score]:
    """bf16 products of H100 and L40S from what was fitted on A100, nothing known of them."""
    data = fit.products(perf, "matrix16", one_source=True)
    found = sets.Score("later: bf16 gemm, fitted before 2022, nothing known", None)
    new = frozenset(name for name in data if launch(name) >= "2022")
    made = sets.predictor(base | fit.fit_products(perf, "matrix16", new))
    for name in sorted(new):
        machine = fit.device(name, base)
        for i in np.random.default_rng(0).permutation(len(data[name]))[:400]:
            shape, seconds = data[name][i]
            naive = 2 * np.prod(shape) / machine.rates["bf16"]
            case = sets.ops_case(name, sets.gemm_ops(shape), "bf16")
            sets.add(found, sets.ask(made, case), naive, seconds, (shape, name))
    return [found]


def graphs(perf: Path, base: dict[str, float]) -> list[sets.Score]:
    """Transformer graphs on the A100 from what was fitted on parts before 2020."""
    bare, *_ = sets.graphs(perf, base)
    late = [i for i, (_, name) in enumerate(bare.asked) if launch(name) >= "2020"]
    rows, asked = [bare.rows[i] for i in late], [bare.asked[i] for i in late]
    name = "later: transformer graphs on A100, fitted before 2020"
    return [sets.Score(name, None, rows, asked)]


def decode(perf: Path, base: dict[str, float]) -> list[sets.Score]:
    """LLM decode on devices launched from 2023 on, fitted on those before."""
    data = fit.language(perf)
    new = frozenset(row[0] for row in data if launch(row[0]) >= "2023")
    made = sets.predictor(base | fit.fit_language(perf, new))
    found = sets.Score("later: LLM decode, fitted before 2023", None)
    for row in data:
        if row[0] in new:
            case = sets.ops_case(row[0], sets.llm(row), "Q4_K_M") | {"phase": "decode"}
            naive = row[2] / fit.device(row[0], base).bandwidth
            sets.add(found, sets.ask(made, case), naive, row[3], (row[1], row[0]))
    return [found]


def opaque(perf: Path, base: dict[str, float]) -> list[sets.Score]:
    """OpenVINO and MLPerf: only measurements on parts that came before are known."""
    made = sets.predictor(base)
    found = []
    for title, dtype, table in (
        ("OpenVINO fp32", "fp32", frames(perf)),
        ("MLPerf inference offline", "int8", sets.offline(perf)),
    ):
        score = sets.Score(f"later: {title}, from parts launched before", None)
        for model, rates in table.items():
            for (name, count), truth in rates.items():
                known = [
                    {"device": n, "count": c, "throughput": fps}
                    for (n, c), fps in rates.items()
                    if launch(n) < launch(name)
                ]
                if known:
                    naive = sets.naive_opaque(known, name, count, dtype, base)
                    case = sets.opaque_case(name, count, dtype, model, "inference", known)
                    sets.add(score, sets.ask(made, case), naive, 1 / truth, (model, name))
        found.append(score)
    return found


def frames(perf: Path) -> dict[str, dict[tuple[str, int], float]]:
    """Sort OpenVINO's fp32 frame rates by model and (device, sockets)."""
    table: dict = defaultdict(dict)
    for r in fit.rows(perf / "openvino_cpu.csv"):
        if r["precision"] == "fp32":
            table[r["model"]][sets.OPENVINO[r["platform"]]] = float(r["throughput_fps"])
    return table


# One machine of the table as the catalogue names it: its socket.
TREES = {
    "c5.metal": "Intel(R) Xeon(R) Platinum 8275CL CPU @ 3.00GHz",
    "c5a": "AMD EPYC 7R32",
    "r4.16": "Intel(R) Xeon(R) CPU E5-2686 v4 @ 2.30GHz",
}


def forests(perf: Path, base: dict[str, float]) -> list[sets.Score]:
    """Boosted trees on all cores of a socket, each machine left out; naive: by cores and rows."""
    found = sets.Score("trees on one socket, each CPU left out")
    for left, name in TREES.items():
        made = sets.predictor(base | fit.fit_trees(perf, left))
        cores, _ = fit.SOCKETS[left]
        for r in fit.rows(perf / "boosted_trees.csv.gz"):
            mine = r["tool"] == "xgboost" and r["machine"].startswith(left) and not r["gpu"]
            if mine and r["cores"] and float(r["cores"]) == cores:
                size = float(r["rows_m"])
                trees = {"rows": int(size * 1e6), "features": 8, "rounds": 100, "depth": 10}
                case = sets.ops_case(name, {"trees": trees}, "fp32") | {"phase": "fit"}
                naive = 28.0 * size / cores  # one core of c5.metal takes 28 s a million rows
                sets.add(found, sets.ask(made, case), naive, float(r["time_s"]), (size, name))
    return [found]


def training(perf: Path, base: dict[str, float]) -> list[sets.Score]:
    """Training on a 3090 as three forward passes; none, one and five of its networks measured."""
    scores = {
        n: sets.Score(f"timm training as 3 × inference: {w} known") for n, w in COUNTS.items()
    }
    name = fit.PLACES["gpu"][1]
    plain = {k: v for k, v in base.items() if not k.startswith("summary.training")}
    made = sets.predictor(plain | {"summary.training": 3.0})
    machine = fit.device(name, base)
    data = fit.trained(perf)
    rng = np.random.default_rng(0)
    for i in rng.permutation(len(data))[:600]:
        net, batch, software, seconds = data[i]
        case = sets.summary_case(net, batch, software, name, "amp") | {"phase": "training"}
        others = [j for j in rng.permutation(len(data))[:5] if j != i]
        told = [_told(data[j], name, "amp") | {"phase": "training"} for j in others]
        naive = 6 * net.macs * batch / rate(machine, "amp")[0]
        for n, score in scores.items():
            answer = sets.ask(made, case | {"known": told[:n]})
            sets.add(score, answer, naive, seconds, (net, name))
    return list(scores.values())


def known(perf: Path, base: dict[str, float]) -> list[sets.Score]:
    """timm networks of families left out: none, one and five others measured on that device."""
    found = [score for place in fit.PLACES for score in _known(perf, place, base)]
    return found + training(perf, base)


COUNTS = {0: "none", 1: "one", 5: "five"}


def _known(perf: Path, place: str, base: dict[str, float]) -> list[sets.Score]:
    which, name, dtype = fit.PLACES[place]
    data = fit.networks(perf, which)
    families = sorted({fit.summary.family_of(net.name) for net, *_ in data})
    scores = {
        n: sets.Score(f"timm, {name[:26]}: {word} known there", None) for n, word in COUNTS.items()
    }
    machine = fit.device(name, base)
    for seed in range(3):
        rng = np.random.default_rng(seed)
        half = set(rng.permutation(families)[: len(families) // 2])
        train = [row for row in data if fit.summary.family_of(row[0].name) in half]
        rest = [row for row in data if fit.summary.family_of(row[0].name) not in half]
        plain = {k: v for k, v in base.items() if not k.startswith(f"summary.{place}.")}
        plain |= {k: v for k, v in fit.PRIORS.items() if k.startswith(f"summary.{place}.")}
        made = sets.predictor(plain | fit.fit_networks(train, place, plain))
        for i in rng.permutation(len(rest))[:300]:
            net, batch, software, seconds = rest[i]
            case = sets.summary_case(net, batch, software, name, dtype)
            told = [_told(rest[j], name, dtype) for j in rng.permutation(len(rest))[:5] if j != i]
            naive = 2 * net.macs * batch / rate(machine, dtype)[0]
            for n, score in scores.items():
                answer = sets.ask(made, case | {"known": told[:n]})
                sets.add(score, answer, naive, seconds, (net, name))
    return list(scores.values())


def _told(row: tuple, name: str, dtype: str) -> dict:
    net, batch, software, seconds = row
    case = sets.summary_case(net, batch, software, name, dtype)
    kept = ("device", "dtype", "batch", "software", "workload")
    return {key: case[key] for key in kept} | {"throughput": batch / seconds}


LATER: dict[str, Callable] = {
    "later": lambda perf, base: [
        score for made in (products, graphs, decode, opaque, forests) for score in made(perf, base)
    ],
    "known": known,
}
