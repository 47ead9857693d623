"""Each finds one kind of what no text may hold: what leads to material, and what hides it."""
