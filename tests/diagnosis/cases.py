"""The fixed list of cases, with a registry that knows what they are made with."""

from pathlib import Path

from ganstudio.registry import Registry
from tests.diagnosis.case import Case
from tests.diagnosis.healthy import healthy
from tests.diagnosis.induced import induced
from tests.diagnosis.sets import Sets
from tests.diagnosis.uneven import UnevenGAN


def cases(folder: Path) -> list[Case]:
    """Return every case; the data that some are trained on is made in ``folder``."""
    sets = Sets(folder)
    return [*induced(sets), *healthy(sets)]


def registry() -> Registry:
    """Return the studio's own plugins, and the architecture that only a case would have."""
    loaded = Registry.load()
    loaded.classes["architecture"][UnevenGAN.__name__] = UnevenGAN
    return loaded
