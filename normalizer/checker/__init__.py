"""The draft checker: mentions in a draft, weighed together, rules, findings, fixes."""

from normalizer.checker.checker import Checker
from normalizer.checker.fixes import apply_fixes

__all__ = ["Checker", "apply_fixes"]
