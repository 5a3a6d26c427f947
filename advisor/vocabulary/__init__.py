"""Nouns to facts: every fact's name, unit and meaning is coined in this room, once.

A value of None is *unknown* where a gap names it, and *missing* (known not to exist) where none
does. Ratios of numbers that share an error are coined here too, with their own interval, for a
rule may not compare the two.
"""

from advisor.vocabulary.published import NAMES as PUBLISHED
from advisor.vocabulary.state import Situation, state
from advisor.vocabulary.words import declared

__all__ = ["PUBLISHED", "Situation", "declared", "state"]
