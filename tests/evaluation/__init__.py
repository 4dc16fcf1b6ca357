"""Tests of `ganstudio.evaluation`."""
