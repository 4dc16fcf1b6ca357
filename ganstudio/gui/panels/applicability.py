"""Applicability: which choices go together, in sentences. Plain functions over the catalogue."""

from ganstudio.catalogue import Entry


def unsuitable(entries: tuple[Entry, ...], data: Entry | None, does: str = "is trained on") -> dict[str, str]:
    """Return, for each entry that does not go with the data, the reason by its class name.

    ``does`` is what an entry does with the data: an architecture "is trained on" it.
    """
    if data is None or not data.data_kinds:
        return {}
    return {entry.kind: _why_not(entry, data, does) for entry in entries if not fits(entry, data)}


def fits(entry: Entry, data: Entry) -> bool:
    """Say whether an architecture or an augmentation takes the kind of data that the source gives."""
    return not entry.data_kinds or bool(set(entry.data_kinds) & set(data.data_kinds))


def no_adversary(architecture: Entry | None) -> str:
    """Return why loss, regularizers and augmentations do not apply, or nothing where they do."""
    if architecture is None or architecture.adversarial:
        return ""
    return f"{architecture.title} brings its own loss and takes no regularizers or augmentations."


def _why_not(entry: Entry, data: Entry, does: str) -> str:
    takes = " or ".join(entry.data_kinds)
    gives = " and ".join(data.data_kinds)
    return f"{entry.title} {does} {takes}, but {data.title} gives {gives}."
