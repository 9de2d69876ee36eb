"""Columns of names: tables read row by row, each distinct name linked once, and written as they were."""

from normalizer.tables.cleaning import Cleaning, Totals
from normalizer.tables.source import Source, open_table

__all__ = ["Cleaning", "Source", "Totals", "open_table"]
