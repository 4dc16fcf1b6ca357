"""Plugin paths: from what a user calls a plugin to its file or folder. It reads and executes nothing."""

from pathlib import Path

from ganstudio import places
from ganstudio.api.errors import InputError


def plugin_path(target: str) -> Path | None:
    """Return the file or folder that a target names, here or in the plugin folder; ``None`` for others."""
    path, name = Path(target).expanduser(), target.replace("-", "_")
    inside = places.plugins() / name
    # A name alone is a plugin before it is a folder that happens to lie here.
    tried = [inside, inside.with_name(f"{name}.py")] if _is_name(target) else []
    if path.suffix == ".py" or not _is_name(target) or (path / "__init__.py").exists():
        tried.append(path)
    found = next((each for each in tried if each.exists()), None)
    if found is None and not _is_name(target):
        raise InputError(f"There is no plugin file {path}.")
    return found


def _is_name(target: str) -> bool:
    return len(Path(target).parts) == 1 and not target.endswith(".py")
