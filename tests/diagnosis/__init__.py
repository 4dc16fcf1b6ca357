"""The measurement behind the health rules: runs with trouble of known kinds, healthy ones, and a table."""
