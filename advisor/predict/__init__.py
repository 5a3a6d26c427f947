"""Predicts, by arithmetic alone: memory, op graph to seconds, plans, what-if."""

from advisor.predict.compare import ratio
from advisor.predict.planning import operations, plans, predict_plan

__all__ = ["operations", "plans", "predict_plan", "ratio"]
