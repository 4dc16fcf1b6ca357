"""Training: the loop, and all of it that is not about one variant. It knows nothing of Qt or of files."""
