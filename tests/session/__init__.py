"""Tests of `ganstudio.session`."""
