"""Panels: one file for each part of the window. They know nothing of each other."""
