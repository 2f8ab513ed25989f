"""The machine learning itself: a table and a spec in, a tested model out. Knows no Django."""
