"""Tests of `ganstudio.training`."""
