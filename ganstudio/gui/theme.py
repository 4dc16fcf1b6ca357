"""Theme: puts a set of tokens into force for the whole application, and hands out icons, pens and fonts.

It knows nothing of any widget of ours. A widget that paints by itself asks :func:`current` when it paints,
or listens to ``notifier.changed`` where it keeps colours. In a style sheet's reach, these properties choose
a look: ``primary`` (the one button to press), ``role`` of a label: ``title``, ``quiet``, ``caption``,
``mono``, ``good``, ``watch``, ``bad``.
"""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPalette, QPen
from PySide6.QtWidgets import QApplication

from ganstudio.gui.icons import ThemedIconEngine, check_name
from ganstudio.gui.stylesheet import stylesheet
from ganstudio.gui.tokens import BY_NAME, DARK, LIGHT, CurveStyle, Tokens, curve_styles, mix

__all__ = [
    "DARK",
    "LIGHT",
    "CurveStyle",
    "Tokens",
    "apply",
    "current",
    "curve_pen",
    "curve_styles",
    "icon",
    "mono_font",
    "notifier",
    "palette",
    "preferred",
    "sized_font",
    "tabular",
]


class Notifier(QObject):
    """Tells of changes of the theme.

    Signals:
        changed: the tokens in force, a :class:`Tokens`.
    """

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.tokens = LIGHT


notifier = Notifier()


def current() -> Tokens:
    """Return the tokens in force: the light ones until :func:`apply` was called."""
    return notifier.tokens


def apply(app: QApplication, name: str) -> None:
    """Show the application in ``light`` or ``dark``; raises ``ValueError`` for another name."""
    if name not in BY_NAME:
        raise ValueError(f"There is no theme {name!r}: choose one of {', '.join(BY_NAME)}.")
    tokens = BY_NAME[name]
    if not app.styleSheet():
        app.setStyle("Fusion")
    notifier.tokens = tokens
    app.setPalette(palette(tokens))
    app.setStyleSheet(stylesheet(tokens))
    notifier.changed.emit(tokens)


def preferred(app: QApplication) -> str:
    """Return the name of the theme the desktop asks for, ``light`` where it does not say."""
    return "dark" if app.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"


def palette(tokens: Tokens) -> QPalette:
    """Return the palette behind the style sheet, for what a style sheet does not reach."""
    role = QPalette.ColorRole
    made = QPalette()
    colours = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.field,
        role.AlternateBase: mix(tokens.field, tokens.window, 0.6),
        role.Text: tokens.text,
        role.Button: tokens.panel,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.bad,
        role.ToolTipBase: tokens.field,
        role.ToolTipText: tokens.text,
        role.PlaceholderText: tokens.quiet,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.score,
        role.Light: mix(tokens.panel, tokens.text, 0.04),
        role.Midlight: mix(tokens.panel, tokens.line, 0.5),
        role.Mid: tokens.line,
        role.Dark: mix(tokens.line, tokens.text, 0.2),
        role.Shadow: mix(tokens.window, "#000000", 0.4),
    }
    for which, colour in colours.items():
        made.setColor(which, QColor(colour))
    disabled = QColor(mix(tokens.quiet, tokens.panel, 0.4))
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, which, disabled)
    made.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(tokens.line))
    return made


def icon(name: str, token: str = "text") -> QIcon:
    """Return a bundled icon in the colour of ``token``, whichever theme is in force when it is painted.

    Raises ``ValueError`` for an icon that is not bundled.
    """
    check_name(name)
    return QIcon(ThemedIconEngine(name, token, current))


def curve_pen(style: CurveStyle, width: float = 1.0) -> QPen:
    """Return the pen of a curve; ``width`` is in logical pixels at any zoom of the plot."""
    pen = QPen(QColor(style.colour), width)
    pen.setCosmetic(True)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if style.dash:
        pen.setDashPattern(list(style.dash))
    return pen


def sized_font(steps: int, bold: bool = False) -> QFont:
    """Return the application's font, ``steps`` points larger (smaller where negative), tabular figures."""
    font = QFont(QApplication.font())
    font.setPointSizeF(max(6.0, font.pointSizeF() + steps))
    font.setBold(bold)
    return tabular(font)


def tabular(font: QFont) -> QFont:
    """Return the font with figures of equal width, so that numbers do not jump while they change."""
    wide = QFont(font)
    wide.setFeature(QFont.Tag("tnum"), 1)
    return wide


def mono_font() -> QFont:
    """Return the monospace face for log, paths and values, at the application's size."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setPointSizeF(QApplication.font().pointSizeF())
    return font
