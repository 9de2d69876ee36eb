"""From a mention to a link: exact forms, candidates, probabilities, the decision."""

from normalizer.matcher.matcher import NEIGHBOURS, SHORTLIST, Matcher

__all__ = ["NEIGHBOURS", "SHORTLIST", "Matcher"]
