"""Where files of weights are that somebody else trained.

Nothing fetches them, and what they hold is not known here.
"""

from pathlib import Path

import torch

from ganstudio.api import downloads_folder


def found(*patterns: str) -> Path | None:
    """Return the first file that fits, in the studio's folder for downloads or in torch's, or ``None``.

    ``patterns``: of names, with ``*`` for any text, the one to take first.
    """
    folders = (downloads_folder(), Path(torch.hub.get_dir()) / "checkpoints")
    there = (path for pattern in patterns for folder in folders for path in sorted(folder.glob(pattern)))
    return next(there, None)


def wanted(title: str, *names: str) -> str:
    """Return the sentence that says where any of these files is to be put."""
    return (
        f"{title} needs its weights, which nothing fetches by itself: put {' or '.join(names)} into "
        f"{downloads_folder()}."
    )
