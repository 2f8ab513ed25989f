"""How fast it is, as ratios against what runs beside it in the same call."""
