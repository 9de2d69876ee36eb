"""Comparison of two names: words aligned by spelling, sound and initial; a score with its evidence."""

from normalizer.compare.names import Rarity, compare_keys, compare_names

__all__ = ["Rarity", "compare_keys", "compare_names"]
