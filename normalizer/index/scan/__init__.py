"""Running text: where the forms of a registry stand in it, and which capitalised stretches are none."""
