"""Long trainings whose figures are claimed in the plugin reference. Never part of the tests."""
