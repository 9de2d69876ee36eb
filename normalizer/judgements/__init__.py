"""What people and pipelines decided of names: kept for good, in force at once, never rewritten.

The store (SQLAlchemy) is imported when there is one to read or write, and not before.
"""

from normalizer.judgements.force import Force, in_force, promoted, withdrawn
from normalizer.judgements.ledger import Ledger
from normalizer.judgements.values import Judgement, Recorded, Verdict

__all__ = ["Force", "Judgement", "Ledger", "Recorded", "Verdict", "in_force", "promoted", "withdrawn"]
