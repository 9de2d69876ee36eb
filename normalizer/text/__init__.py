"""Pure functions over text: folding, tokens, sound keys, case, places. No input or output here."""
