"""Exports: what others are given of a run: its settings, curves and weights. The run stays as it is."""
