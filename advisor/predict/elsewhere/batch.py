"""Answers cases of the batch interface: forecast, narrow by what is known, put into words."""

from collections.abc import Callable, Iterable, Mapping
from math import exp
from typing import Any

import msgspec

from advisor.errors import AdvisorError
from advisor.operation import OpGraph, scaled
from advisor.predict import sequence
from advisor.predict.elsewhere import case as cases
from advisor.predict.elsewhere import collective, decode, forest, opaque, opwise, prefill, summary
from advisor.predict.elsewhere.case import Case, Form, Known
from advisor.predict.elsewhere.forecast import Forecast, Run, item
from advisor.predict.elsewhere.likeness import Item, interval, narrowed
from advisor.predict.elsewhere.precision import element_bytes, spelt
from advisor.predict.elsewhere.silicon import Figures, Silicon, as_run, rate
from advisor.workload import Workload

Device = Callable[[str, int, str | None], tuple[Silicon, str]]
Reader = Callable[[Form], Workload]


class Predictor(msgspec.Struct, frozen=True):
    """Predicts cases: ``device`` finds a part by name, count and place, ``read`` what names a file.

    ``figures`` are the constants of `rules/constants/elsewhere.yaml`, by name. ``timed`` remembers
    what the ops of graphs take, where few devices and batches are asked about again and again.
    """

    figures: Figures
    device: Device
    read: Reader
    timed: dict[bytes, opwise.Passed] | None = None

    def answer(self, case: Case) -> dict[str, Any]:
        """Answer one case with the fields of the batch interface.

        Raises:
            AdvisorError: the device, the workload or the phase cannot be predicted.
        """
        case = self._phased(_plain(case))
        device, said = self.device(case.device, case.count, case.place)
        forecast = self._forecast(case, device)
        target = item(forecast, device, self.figures)
        items, unusable = self._measurements(case)
        if forecast.form == "opaque" and not items:
            raise AdvisorError(
                "predict an opaque workload",
                "; ".join(unusable) or "nothing is known of it",
                remedy="give a measurement elsewhere in `known`",
            )
        mean, spread = narrowed(target, items)
        work = self._units(case, device)
        seconds = interval(mean, spread, "s")
        rates = {
            "low": work / seconds.high,
            "likely": work / seconds.likely,
            "high": work / seconds.low,
        }
        return {
            "id": case.id,
            "throughput": rates | {"unit": _UNITS[case.phase]},
            "seconds": seconds.likely,
            "seconds_range": {"low": seconds.low, "high": seconds.high},
            "memory_bytes": forecast.bytes_needed,
            "bound": forecast.bound,
            "basis": [
                *_rates(case, device),
                *_calibration(len(items), exp(mean - target.log)),
                *_notes((*forecast.notes, said, *unusable)),
            ],
        }

    def _phased(self, case: Case) -> Case:
        """Return the case with what inference or training is called for the workload it names."""
        if case.phase not in _BATCHES or not cases.named(case.workload):
            return case
        there = self.read(case.workload).phases
        other = {"inference": "decode", "training": "fit"}[case.phase]
        if case.phase in there or other not in there:
            return case
        return msgspec.structs.replace(case, phase=other)

    def _measurements(self, case: Case) -> tuple[list[tuple[Item, float]], list[str]]:
        """Return the known measurements, and what is wrong with those that say nothing."""
        found, unusable = [], []
        for known in case.known:
            try:
                found.append(self._known(case, known))
            except AdvisorError as error:
                unusable.append(f"a known measurement is left out: {error}")
        return found, unusable

    def _known(self, case: Case, known: Known) -> tuple[Item, float]:
        """Forecast what was measured as if it had been asked; unsaid conditions are the case's."""
        told = msgspec.structs.replace(
            case,
            device=known.device,
            workload=known.workload or case.workload,
            count=known.count or case.count,
            batch=known.batch or case.batch,
            dtype=known.dtype or case.dtype,
            phase=known.phase or case.phase,
            software=known.software or case.software,
            known=(),
        )
        told = self._phased(_plain(told))
        device, _ = self.device(known.device, told.count, known.place)
        forecast = self._forecast(told, device)
        return item(forecast, device, self.figures), self._units(told, device) / known.throughput

    def _units(self, case: Case, device: Silicon) -> float:
        """Return what one run of ``seconds`` delivers, over all devices."""
        if case.phase == "fit":
            return 1.0
        if case.phase == "decode":
            return case.batch
        if case.phase == "prefill":
            return case.batch * self._prompt(case.workload)
        # Sockets of one machine share a batch, as the devices of a split model do.
        return case.batch * (1 if device.host else case.count)

    def _prompt(self, form: Form) -> float:
        """Return the tokens of a prompt; a model of nothing but a size has its context as one."""
        if form.llm:
            return form.llm.prompt or form.llm.context
        named = None if form.opaque else self.read(form).llm
        return float(named.prompt) if named else 1.0

    def _forecast(self, case: Case, device: Silicon) -> Forecast:
        form, run, figures = case.workload, cases.run(case), self.figures
        _check(case)
        if form.llm is not None:
            return _language(cases.language(form.llm, run.dtype), device, run, figures)
        if form.trees is not None:
            return forest.forecast(form.trees, device, figures)
        if form.opaque is not None:
            return opaque.forecast(form.opaque, device, run, figures)
        found = cases.summary(form)
        if found is not None:
            made = summary.forecast(found, device, run, figures)
            return self._parallel(case, device, made, found.params)
        if form.ops is not None:
            return self._ops(case, form.ops, device)
        return self._read(case, self.read(form), device)

    def _ops(self, case: Case, lines: tuple[cases.OpLine, ...], device: Silicon) -> Forecast:
        dtypes = [as_run(device, spelt(line.dtype or case.dtype)) for line in lines]
        ops = [
            (cases.op(line, element_bytes(dtype)), dtype)
            for line, dtype in zip(lines, dtypes, strict=True)
        ]
        compiled = case.software.compile
        return opwise.passed(ops, device, self.figures, compiled=compiled).forecast

    def _read(self, case: Case, workload: Workload, device: Silicon) -> Forecast:
        figures = self.figures
        # Whatever has ops can be trained: a file of a network does not say what it is for.
        trained = workload.graph is not None and case.phase in _BATCHES
        trained = trained or (workload.llm is not None and case.phase == "training")
        if case.phase not in workload.phases and not trained:
            raise AdvisorError("predict a case", f"{workload.name} has no phase {case.phase}")
        if workload.llm is not None and case.phase == "training":
            return self._graph(case, sequence.graph(workload.llm), device, workload.llm.trained)
        if workload.llm is not None:
            model = decode.described(workload.llm, case.dtype)
            return _language(model, device, cases.run(case), figures)
        if workload.trees is not None:
            return forest.forecast(workload.trees, device, figures)
        if workload.graph is None:
            raise AdvisorError("predict a case", f"{workload.name} says nothing of its ops")
        return self._graph(case, workload.graph, device, workload.trained_parameters)

    def _graph(
        self, case: Case, graph: OpGraph, device: Silicon, trained: float | None
    ) -> Forecast:
        batch = max(1, round(case.batch))
        pieces, made = self.passed(graph, batch, case, device)
        size = element_bytes(case.dtype)
        learned = graph.parameters if trained is None else trained
        needed = 4 * graph.parameters + batch * graph.workspace * size
        if case.phase == "training":
            # Of a frozen op, the backward pass is one product instead of two.
            frozen = [piece for piece, op in zip(pieces, graph.ops, strict=True) if op.frozen]
            share = sum(piece.timed.seconds for piece in frozen) / made.seconds
            made = opwise.trained(made, self.figures["ops.training"] - share)
            needed = 16 * learned + (graph.parameters - learned) * size
            needed += batch * graph.activations * size
        made = msgspec.structs.replace(made, bytes_needed=needed, notes=(*made.notes, *graph.notes))
        return self._parallel(case, device, made, learned)

    def passed(self, graph: OpGraph, batch: int, case: Case, device: Silicon) -> opwise.Passed:
        """Time the ops of a graph; remembered where they are asked for again and again."""
        compiled = case.software.compile
        key = b""
        if self.timed is not None:
            alone = msgspec.structs.replace(device, reduced=None)  # sums over others are no op here
            key = msgspec.msgpack.encode((graph, batch, case.dtype, alone, compiled))
            if key in self.timed:
                return self.timed[key]
        ops = [(scaled(op, batch), case.dtype) for op in graph.ops]
        passed = opwise.passed(ops, device, self.figures, compiled=compiled)
        if self.timed is not None:
            self.timed[key] = passed
        return passed

    def _parallel(
        self, case: Case, device: Silicon, forecast: Forecast, parameters: float
    ) -> Forecast:
        if not _summed(case, device):
            return forecast
        wait = collective.exposed(
            device, case.count, 4 * parameters, forecast.seconds, self.figures
        )
        return msgspec.structs.replace(forecast, link=wait)


def _language(model: decode.Language, device: Silicon, run: Run, figures: Figures) -> Forecast:
    if run.phase == "prefill":
        return prefill.forecast(model, device, run, figures)
    return decode.forecast(model, device, run, figures)


_UNITS = {
    "inference": "samples/s",
    "training": "samples/s",
    "prefill": "tokens/s",
    "decode": "tokens/s",
    "fit": "jobs/s",
}


def _plain(case: Case) -> Case:
    """Return the case with its dtype in one spelling, and the phase that its workload has."""
    phase = case.phase
    if case.workload.llm and phase == "inference":
        phase = "decode"
    elif case.workload.trees and phase == "training":
        phase = "fit"
    return msgspec.structs.replace(case, dtype=spelt(case.dtype), phase=phase)


def _check(case: Case) -> None:
    """Refuse a phase that the workload does not have; named ones say themselves what they have."""
    form = case.workload
    if form.opaque is not None or (form.macs is None and not (form.ops or form.llm or form.trees)):
        return
    phases = {"decode", "prefill"} if form.llm else {"fit"} if form.trees else _BATCHES
    if case.phase not in phases:
        raise AdvisorError("predict a case", f"this workload has no phase {case.phase}")


_BATCHES = {"training", "inference"}


def _rates(case: Case, device: Silicon) -> list[Mapping[str, Any]]:
    speed, used = rate(device, case.dtype)
    note = "" if used in {case.dtype, "fp16"} else f", since {device.name} has no {case.dtype}"
    summed = []
    if device.reduced and _summed(case, device):
        summed = [msgspec.structs.asdict(device.reduced)]
    return [
        _line(f"matmul_peak.{used}", speed, f"{device.name}, sustained{note}"),
        _line("memory_bandwidth", device.bandwidth, device.name),
        *summed,
    ]


def _summed(case: Case, device: Silicon) -> bool:
    """Say whether gradients are summed over several devices."""
    return case.phase == "training" and case.count > 1 and not device.host


def _calibration(number: int, factor: float) -> list[Mapping[str, Any]]:
    if not number:
        return []
    source = f"{number} known measurements move the time by this factor"
    return [_line("calibration", factor, source, "measured")]


def _notes(texts: Iterable[str]) -> list[Mapping[str, Any]]:
    return [_line("note", text, "catalogue") for text in texts if text]


def _line(
    fact: str, value: float | str, source: str, origin: str = "catalogue"
) -> Mapping[str, Any]:
    return {
        "fact": fact,
        "value": value,
        "low": None,
        "high": None,
        "origin": origin,
        "source": source,
    }
