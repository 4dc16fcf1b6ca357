"""Trust: which plugin files the user has agreed to, by their content, and which plugins are disabled.

It executes nothing and knows nothing of what plugins bring. Loads neither torch nor Qt.
"""

import json
import logging
from pathlib import Path
from typing import Any, Literal

from ganstudio.api.errors import InputError
from ganstudio.discovery.content import Content, difference, read_content, real_path, texts, whole_text
from ganstudio.runs.atomic import explained, write_text

Agreement = Literal["trusted", "new", "changed"]

log = logging.getLogger("ganstudio")

_KEPT_CHARACTERS = 1 << 20
"""Longer files are not kept for a diff."""


class Trust:
    """What was agreed to, kept in a folder; every question reads it anew, as another window may change it.

    ``agreed.json`` has for each path the hashes that were agreed to, the newest last; ``copies`` what they
    stood for, so that a diff can be shown; ``disabled.json`` the plugins that are disabled.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    # --- Files and folders -------------------------------------------------------------------------

    def state(self, path: Path) -> Agreement:
        """Say whether the file or folder may be executed as it is now; raises as :func:`read_content`."""
        return self.judge(read_content(path))

    def judge(self, content: Content) -> Agreement:
        """Say whether a content may be executed: ``new`` was never agreed to, ``changed`` was before."""
        agreed = self._agreed()
        # By content alone: a file that was moved or copied is what it was.
        if any(content.digest in digests for digests in agreed.values()):
            return "trusted"
        return "changed" if agreed.get(str(content.path)) else "new"

    def agree(self, path: Path, digest: str | None = None) -> str:
        """Agree to a file or folder as it is now and return its hash.

        ``digest``: the hash of what the user was shown; raises ``InputError`` when it is not that any more.
        """
        content = read_content(path)
        if digest is not None and digest != content.digest:
            raise InputError(f"{content.path} has changed while you were asked; look at it again.")
        agreed = self._agreed()
        digests = [known for known in agreed.get(str(content.path), []) if known != content.digest]
        agreed[str(content.path)] = [*digests, content.digest]
        self._keep_copy(content)
        self._write("agreed.json", agreed)
        return content.digest

    def withdraw(self, path: Path) -> None:
        """Agree no more to a file or folder: neither to what it is now nor to what it was."""
        key = str(real_path(path))
        agreed = self._agreed()
        gone = set(agreed.pop(key, []))
        try:
            gone.add(read_content(path).digest)
        except InputError:
            log.info("%s is not there any more; only what was agreed to before is withdrawn.", path)
        kept = {other: [d for d in digests if d not in gone] for other, digests in agreed.items()}
        self._write("agreed.json", {other: digests for other, digests in kept.items() if digests})
        for digest in gone:
            self._copy(digest).unlink(missing_ok=True)

    def diff(self, path: Path) -> str:
        """Return what changed since it was agreed to, as a unified diff; of a new one, the whole text.

        Invisible characters stand as their escapes. Empty when nothing changed.
        """
        return self.diff_of(read_content(path))

    def diff_of(self, content: Content) -> str:
        """Return the same of a content that was read already, so that what is shown is what is agreed to."""
        match self.judge(content):
            case "trusted":
                return ""
            case "changed":
                return difference(self._kept(content.path), content)
        return whole_text(content)

    # --- Disabled plugins --------------------------------------------------------------------------

    @property
    def disabled(self) -> set[str]:
        """The plugins that are not to be loaded, each by its source or by the name of its entry point."""
        found = self._read("disabled.json", list)
        return {name for name in found if isinstance(name, str)}

    def disable(self, name: str) -> None:
        """Load a plugin no more: one source (``package: module``), or every entry point of that name."""
        self._write("disabled.json", sorted({*self.disabled, name}))

    def enable(self, name: str) -> None:
        """Load it again at the next start or reload."""
        self._write("disabled.json", sorted(self.disabled - {name}))

    # --- The folder --------------------------------------------------------------------------------

    def _agreed(self) -> dict[str, list[str]]:
        found = self._read("agreed.json", dict)
        return {path: list(digests) for path, digests in found.items() if isinstance(digests, list)}

    def _kept(self, path: Path) -> dict[str, str]:
        """Return the texts of what was agreed to last under a path."""
        digests = self._agreed().get(str(path), [])
        kept = self._read(self._copy(digests[-1]).relative_to(self._folder), dict) if digests else {}
        return {str(name): str(text) for name, text in kept.items()}

    def _keep_copy(self, content: Content) -> None:
        kept = {name: text for name, text in texts(content).items() if len(text) <= _KEPT_CHARACTERS}
        self._write(self._copy(content.digest).relative_to(self._folder), kept)

    def _copy(self, digest: str) -> Path:
        return self._folder / "copies" / f"{digest}.json"

    def _read(self, name: str | Path, kind: type) -> Any:
        """Return a kept value; of a file that is missing or damaged, an empty one: then all is asked anew."""
        try:
            value = json.loads((self._folder / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return kind()
        except (OSError, ValueError) as error:
            log.warning("%s cannot be read, so it is taken as empty: %s", self._folder / name, error)
            return kind()
        return value if isinstance(value, kind) else kind()

    def _write(self, name: str | Path, value: object) -> None:
        path = self._folder / name
        with explained(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, json.dumps(value, indent=1))
