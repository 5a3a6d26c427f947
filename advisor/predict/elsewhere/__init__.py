"""Predicts hardware that is not at hand, from its catalogue figures and measurements elsewhere."""
