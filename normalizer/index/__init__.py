"""The compiled names: exact keys, fuzzy candidates, and the scan of running text."""

from normalizer.index.brute_force import MemoryIndex
from normalizer.index.candidates import Form, Index

__all__ = ["Form", "Index", "MemoryIndex"]
