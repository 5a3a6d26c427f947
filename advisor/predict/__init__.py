"""Predicts, by arithmetic alone: memory, op graph to seconds, plans, what-if."""

from advisor.predict.compare import ratio
from advisor.predict.planning import plans

__all__ = ["plans", "ratio"]
