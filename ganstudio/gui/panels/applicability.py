"""Applicability: which choices go together, in sentences. Plain functions over the catalogue."""

from ganstudio.catalogue import Entry


def unsuitable(architectures: tuple[Entry, ...], data: Entry | None) -> dict[str, str]:
    """Return, for each architecture that cannot be trained on the data, the reason by its class name."""
    if data is None or not data.data_kinds:
        return {}
    return {entry.kind: _why_not(entry, data) for entry in architectures if not fits(entry, data)}


def fits(architecture: Entry, data: Entry) -> bool:
    """Say whether the architecture takes the kind of data that the source gives."""
    return not architecture.data_kinds or bool(set(architecture.data_kinds) & set(data.data_kinds))


def no_adversary(architecture: Entry | None) -> str:
    """Return why loss and regularizers do not apply, or nothing where they do."""
    if architecture is None or architecture.adversarial:
        return ""
    return f"{architecture.title} brings its own loss and takes no regularizers."


def _why_not(architecture: Entry, data: Entry) -> str:
    takes = " or ".join(architecture.data_kinds)
    gives = " and ".join(data.data_kinds)
    return f"{architecture.title} is trained on {takes}, but {data.title} gives {gives}."
