"""Comparison of two names: parts aligned, features measured, a probability with its evidence."""

from normalizer.compare.alignment import Rarity
from normalizer.compare.names import Asked, KeyComparison, compare_keys, compare_names
from normalizer.compare.score import CONFLICTS, Model, probability

__all__ = [
    "CONFLICTS",
    "Asked",
    "KeyComparison",
    "Model",
    "Rarity",
    "compare_keys",
    "compare_names",
    "probability",
]
