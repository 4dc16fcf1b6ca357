"""Logs: one file that every traceback goes to, bounded in size."""

import logging
import logging.handlers

from ganstudio import places


def start_logging() -> None:
    """Send the studio's log to its file; a place that cannot be written is only said so, once."""
    log = logging.getLogger("ganstudio")
    if log.handlers:
        return
    log.setLevel(logging.INFO)
    try:
        places.log_file().parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            places.log_file(), maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=True
        )
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    except OSError:
        handler = logging.NullHandler()
    log.addHandler(handler)
    log.propagate = False
