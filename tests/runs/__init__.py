"""Tests of ganstudio.runs."""
