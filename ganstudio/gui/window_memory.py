"""WindowMemory: what a window remembers from one start to the next: layout, theme, device, last experiment.

Whatever is wrong with the files, it never raises: the complaint is kept for the log, and what cannot be read
is as if it were not there. Writing is atomic; of several windows the last wins.
"""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from ganstudio.api.errors import StudioError
from ganstudio.experiment import Experiment, load_experiment
from ganstudio.runs.atomic import write_text

_LAST_EXPERIMENT = "last-experiment.toml"


class WindowMemory:
    """The settings file at ``path``, and beside it the experiment that was last in the form."""

    def __init__(self, path: Path) -> None:
        self.complaints: list[str] = []
        self._path = path
        self._last = path.with_name(_LAST_EXPERIMENT)
        self._set_aside_if_corrupt()

    def text(self, key: str) -> str:
        """Return a remembered text, empty where there is none."""
        value = self._settings().value(key)
        return value if isinstance(value, str) else ""

    def data(self, key: str) -> QByteArray:
        """Return remembered bytes, empty where there are none."""
        value = self._settings().value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def remember(self, values: Mapping[str, str | QByteArray]) -> None:
        """Write these values beside what is remembered already."""
        settings = self._settings()
        for key, value in values.items():
            settings.setValue(key, value)
        settings.sync()
        if settings.status() != QSettings.Status.NoError:
            self._complain(
                f"The window's settings cannot be written to {self._path}; they are not remembered."
            )

    def last_experiment(self) -> Experiment | None:
        """Return the experiment that was last in the form, or ``None``."""
        if not self._last.exists():
            return None
        try:
            return load_experiment(self._last)
        except StudioError as error:
            self._complain(f"The last experiment is passed over. {error}")
            return None

    def remember_experiment(self, experiment: Experiment) -> None:
        """Keep the experiment for the next start."""
        try:
            self._last.parent.mkdir(parents=True, exist_ok=True)
            write_text(self._last, experiment.to_toml())
        except (OSError, StudioError) as error:
            self._complain(f"The experiment is not remembered. {error}")

    def _settings(self) -> QSettings:
        return QSettings(str(self._path), QSettings.Format.IniFormat)

    def _set_aside_if_corrupt(self) -> None:
        if self._settings().status() != QSettings.Status.FormatError:
            return
        aside = self._path.with_suffix(".corrupt.ini")
        self._complain(f"{self._path} is damaged and was set aside as {aside.name}; the layout begins anew.")
        try:
            self._path.replace(aside)
        except OSError as error:
            self._complain(f"It could not be renamed: {error}.")

    def _complain(self, sentence: str) -> None:
        if sentence not in self.complaints:
            self.complaints.append(sentence)
