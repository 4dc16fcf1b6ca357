"""Comparisons of recipes, side by side: long, run by hand, never part of the tests."""
