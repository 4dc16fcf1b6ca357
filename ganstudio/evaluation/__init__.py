"""Evaluation: what says how good samples are. It knows nothing of Qt, and training knows nothing of it."""
