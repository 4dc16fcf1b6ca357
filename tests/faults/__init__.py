"""Faults that are caused, and what must be left after each."""
