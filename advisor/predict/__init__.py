"""Predicts, by arithmetic alone: memory, op graph to seconds, plans, what-if."""

from advisor.predict.calibrate import NAME as RUN
from advisor.predict.compare import ratio
from advisor.predict.cost import cheaper
from advisor.predict.goals import better, ranked
from advisor.predict.memory import available
from advisor.predict.offload import offloaded
from advisor.predict.planning import PRECISIONS, QUANTISED, operations, plans, predict_plan
from advisor.predict.serving import power, served
from advisor.predict.unknown import ENOUGH, Missing, untimed
from advisor.predict.variants import settled

__all__ = [
    "ENOUGH",
    "PRECISIONS",
    "QUANTISED",
    "RUN",
    "Missing",
    "available",
    "better",
    "cheaper",
    "offloaded",
    "operations",
    "plans",
    "power",
    "predict_plan",
    "ranked",
    "ratio",
    "served",
    "settled",
    "untimed",
]
