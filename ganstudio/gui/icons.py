"""Icons: the bundled SVG family, drawn in the colours of the theme at whatever size is asked for.

It knows the theme's tokens through a function it is given, and nothing of widgets.
"""

from collections.abc import Callable
from functools import cache
from importlib import resources
from pathlib import Path

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ganstudio.gui.tokens import Tokens, mix

_clones: list[QIconEngine] = []
"""Clones belong to Qt, but PySide6 6.11 deletes them as soon as Python lets go of them: it never does."""


class ThemedIconEngine(QIconEngine):
    """Draws one SVG with ``currentColor`` set from the tokens in force at the time of painting.

    So an icon needs no renewal when the theme changes, and is sharp at every device pixel ratio.
    """

    def __init__(self, name: str, token: str, tokens: Callable[[], Tokens]) -> None:
        super().__init__()
        self._name, self._token, self._tokens = name, token, tokens

    def clone(self) -> QIconEngine:
        """Return another engine that draws the same."""
        made = ThemedIconEngine(self._name, self._token, self._tokens)
        _clones.append(made)
        return made

    def key(self) -> str:
        """Name the kind of engine."""
        return "ganstudio"

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw the icon into ``rect``, in the middle and undistorted."""
        side = min(rect.width(), rect.height())
        square = QRectF(0, 0, side, side)
        square.moveCenter(QRectF(rect).center())
        _renderer(self._name, self._colour(mode)).render(painter, square)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return the icon on a transparent ground; ``size`` is in device pixels."""
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def _colour(self, mode: QIcon.Mode) -> str:
        tokens = self._tokens()
        if mode == QIcon.Mode.Disabled:
            return mix(tokens.quiet, tokens.panel, 0.5)
        colour: str = getattr(tokens, self._token)
        return colour


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(source(name).replace("currentColor", colour).encode()))


def check_name(name: str) -> None:
    """Raise ``ValueError`` where there is no such icon: while it is painted, it would be too late to."""
    try:
        source(name)
    except FileNotFoundError as error:
        raise ValueError(f"There is no icon {name!r} among {', '.join(names())}.") from error


@cache
def source(name: str) -> str:
    """Return the SVG text of a bundled icon; raises ``FileNotFoundError`` for a name that is not there."""
    return (folder() / f"{name}.svg").read_text(encoding="utf-8")


def names() -> list[str]:
    """Return the names of all bundled icons, without the glyphs of the style sheet."""
    return sorted(path.stem for path in folder().glob("*.svg") if not path.stem.startswith("glyph-"))


def folder() -> Path:
    """Return the folder of the SVG files."""
    return Path(str(resources.files("ganstudio_resources"))) / "icons"
