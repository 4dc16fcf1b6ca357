"""Tests of `ganstudio.api`."""
