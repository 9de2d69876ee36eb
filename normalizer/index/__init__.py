"""The compiled names: exact keys, fuzzy candidates, and the scan of running text."""

from normalizer.index.brute_force import MemoryIndex
from normalizer.index.cache import build_index, index_of, is_fresh, kept_path, opened_index, read_index
from normalizer.index.candidates import Form, Index
from normalizer.index.compiled import CompiledIndex
from normalizer.index.container import ContainerError

__all__ = [
    "CompiledIndex",
    "ContainerError",
    "Form",
    "Index",
    "MemoryIndex",
    "build_index",
    "index_of",
    "is_fresh",
    "kept_path",
    "opened_index",
    "read_index",
]
