"""The two kinds of failure a person reads about. Each message is one to three whole sentences.

A message says what is wrong, where, and what to do. The traceback stays behind it, in the log.
"""


class StudioError(Exception):
    """Something failed underway; ``str(error)`` is the sentence to show."""


class InputError(StudioError):
    """What was asked for cannot be done as asked: a setting, a file, a combination."""
