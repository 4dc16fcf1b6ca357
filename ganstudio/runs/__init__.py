"""Runs on disk: one folder a training, readable without the program. It knows nothing of training or Qt."""
