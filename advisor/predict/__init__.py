"""Predicts, by arithmetic alone: memory, op graph to seconds, plans, what-if."""

from advisor.predict.compare import ratio
from advisor.predict.planning import operations, plans, predict_plan
from advisor.predict.unknown import untimed

__all__ = ["operations", "plans", "predict_plan", "ratio", "untimed"]
