"""The style sheet: one text for the whole application, made from tokens.

It knows nothing of which theme is in force. All distances are multiples of 4 px, lines are 1 px.
"""

from string import Template

from ganstudio.gui.icons import folder
from ganstudio.gui.tokens import Tokens, mix

_GENERAL = """
QWidget { color: $text; }
QMainWindow, QDialog { background: $window; }
QMainWindow::separator { background: transparent; width: 4px; height: 4px; }
QMainWindow::separator:hover { background: $line; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $line; }
QToolTip { background: $field; color: $text; border: 1px solid $line; padding: 4px 8px; }
QFrame[role="panel"] { background: $panel; border: 1px solid $line; border-radius: 6px; }
QFrame[role="popup"] { background: $field; border: 1px solid $line; }
QGraphicsView { border: 1px solid transparent; border-radius: 4px; }
QGraphicsView:focus { border-color: $accent; }
QGraphicsView[role="canvas"] { border: none; }
QLabel { background: transparent; }
QLabel[role="title"] { font-weight: 600; }
QLabel[role="quiet"], QLabel[role="caption"] { color: $quiet; }
QLabel[role="good"] { color: $good; }
QLabel[role="watch"] { color: $watch; }
QLabel[role="bad"] { color: $bad; }
QLabel:disabled { color: $faint; }
QGroupBox { border: none; border-top: 1px solid $line; margin-top: 12px; padding-top: 12px; }
QGroupBox::title { subcontrol-origin: margin; subcontrol-position: top left; padding: 0 8px 0 0;
    color: $quiet; }
QGroupBox::indicator { width: 14px; height: 14px; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
"""

_BUTTONS = """
QPushButton { background: $raised; border: 1px solid $line; border-radius: 4px; padding: 4px 12px;
    min-height: 20px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:checked { background: $pressed; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $faint; background: transparent; }
QPushButton[primary="true"], QToolButton[primary="true"] { background: $accent; color: $on_accent;
    border-color: $accent; font-weight: 600; }
QPushButton[primary="true"]:hover, QToolButton[primary="true"]:hover { background: $accent_hover; }
QPushButton[primary="true"]:pressed, QToolButton[primary="true"]:pressed { background: $accent_pressed; }
QPushButton[primary="true"]:focus, QToolButton[primary="true"]:focus { border-color: $text; }
QPushButton[primary="true"]:disabled, QToolButton[primary="true"]:disabled { background: $pressed;
    border-color: $line; color: $faint; }
QPushButton[flat="true"] { background: transparent; border-color: transparent; }
QPushButton[flat="true"]:hover { background: $hover; }
QPushButton[flat="true"]:focus { border-color: $accent; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 3px 7px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $pressed; }
QToolButton:checked { background: $selected; }
QToolButton:focus { border-color: $accent; }
QToolButton:disabled { color: $faint; }
QToolButton[compact="true"] { padding: 3px; }
QToolButton[compact="line"] { padding: 1px 4px; }
QToolButton[compact="true"]::menu-indicator { image: none; }
QToolButton[heading="true"] { padding: 1px 14px 1px 3px; font-weight: 600; }
QToolButton[popupMode="1"] { padding-right: 20px; }
QToolButton::menu-button { border: none; width: 16px; }
QToolButton::menu-arrow, QToolButton::menu-indicator { image: url("$icons/glyph-down.svg"); width: 12px;
    height: 12px; }
QToolButton::menu-indicator { subcontrol-position: right center; right: 2px; }
QToolBar { background: $window; border: none; border-bottom: 1px solid $line; padding: 4px 8px;
    spacing: 4px; }
QToolBar::separator { background: transparent; width: 12px; }
QToolBar::handle { image: none; width: 0; }
QCheckBox, QRadioButton { spacing: 8px; background: transparent; }
QCheckBox:disabled, QRadioButton:disabled { color: $faint; }
QCheckBox::indicator, QGroupBox::indicator, QTreeView::indicator, QListView::indicator,
QTableView::indicator { width: 14px; height: 14px; border: 1px solid $edge; border-radius: 3px;
    background: $field; }
QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $edge; border-radius: 8px;
    background: $field; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover, QCheckBox::indicator:focus,
QRadioButton::indicator:focus { border-color: $accent; }
QCheckBox:focus, QRadioButton:focus { color: $accent; }
QCheckBox::indicator:checked, QGroupBox::indicator:checked, QTreeView::indicator:checked,
QListView::indicator:checked, QTableView::indicator:checked { background: $accent; border-color: $accent;
    image: url("$icons/glyph-check-$check.svg"); }
QCheckBox::indicator:indeterminate { background: $accent; border-color: $accent;
    image: url("$icons/glyph-dash-$check.svg"); }
QRadioButton::indicator:checked { border: 4px solid $accent; width: 8px; height: 8px;
    background: $on_accent; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $line;
    background: transparent; }
QCheckBox::indicator:checked:disabled { background: $faint; border-color: $faint; }
"""

_FIELDS = """
QLineEdit, QComboBox, QAbstractSpinBox, QTextEdit, QPlainTextEdit { background: $field;
    border: 1px solid $edge; border-radius: 4px; padding: 3px 7px; min-height: 20px;
    selection-background-color: $accent; selection-color: $on_accent; placeholder-text-color: $quiet; }
QTextEdit, QPlainTextEdit { border-color: $line; padding: 4px; }
QLineEdit:hover, QComboBox:hover, QAbstractSpinBox:hover { border-color: $edge_hover; }
QLineEdit:focus, QComboBox:focus, QComboBox:on, QAbstractSpinBox:focus, QTextEdit:focus,
QPlainTextEdit:focus { border-color: $accent; }
QLineEdit[invalid="true"], QComboBox[invalid="true"], QAbstractSpinBox[invalid="true"] {
    border-color: $bad; }
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled { color: $faint; background: $window;
    border-color: $line; }
QLineEdit:read-only { background: $window; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: none; padding: 0 4px; min-height: 0;
    background: transparent; }
QComboBox { padding-right: 20px; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url("$icons/glyph-down.svg"); width: 14px; height: 14px; }
QComboBox QAbstractItemView { background: $field; border: 1px solid $line; outline: none; padding: 4px; }
QAbstractSpinBox { padding: 3px 16px 3px 3px; min-height: 17px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; background: transparent;
    width: 16px; }
QAbstractSpinBox::up-button { subcontrol-position: top right; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover; }
QAbstractSpinBox::up-arrow { image: url("$icons/glyph-up.svg"); width: 12px; height: 12px; }
QAbstractSpinBox::down-arrow { image: url("$icons/glyph-down.svg"); width: 12px; height: 12px; }
QSlider { min-height: 20px; background: transparent; }
QSlider::groove:horizontal { height: 4px; background: $track; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::sub-page:horizontal:disabled { background: $edge; }
QSlider::handle:horizontal { width: 12px; height: 12px; margin: -5px 0; border-radius: 7px;
    background: $raised; border: 1px solid $edge_hover; }
QSlider::handle:horizontal:hover { border-color: $accent; }
QSlider::handle:horizontal:focus { background: $accent; border-color: $accent; }
QSlider::handle:horizontal:disabled { background: $window; border-color: $line; }
QProgressBar { background: $track; border: none; border-radius: 3px; min-height: 6px; max-height: 6px;
    text-align: center; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
"""

_VIEWS = """
QDockWidget { color: $text; titlebar-close-icon: url("$icons/glyph-close.svg");
    titlebar-normal-icon: url("$icons/glyph-float.svg"); }
QDockWidget::title { background: $window; padding: 6px 8px; text-align: left; }
QDockWidget::close-button, QDockWidget::float-button { border: none; border-radius: 4px; padding: 2px;
    background: transparent; icon-size: 14px; }
QDockWidget::close-button:hover, QDockWidget::float-button:hover { background: $hover; }
QTabWidget::pane { border: none; border-top: 1px solid $line; background: transparent; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $quiet; padding: 6px 12px; border: none;
    border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; background: $hover; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:focus { color: $accent; }
QTabBar::tab:disabled { color: $faint; }
QTabBar::close-button { image: url("$icons/glyph-close.svg"); }
QAbstractItemView { background: $panel; alternate-background-color: $stripe; border: 1px solid $line;
    border-radius: 4px; selection-background-color: $selected; selection-color: $text; outline: none;
    gridline-color: $line; }
QAbstractItemView:focus { border-color: $accent; }
QAbstractItemView[role="plain"] { background: transparent; border: none; }
QAbstractItemView::item { padding: 4px 8px; }
QAbstractItemView::item:hover { background: $hover; }
QAbstractItemView::item:selected { background: $selected; color: $text; }
QTreeView::branch { background: transparent; }
QTreeView::branch:has-children:closed { image: url("$icons/glyph-right.svg"); }
QTreeView::branch:has-children:open { image: url("$icons/glyph-down.svg"); }
QHeaderView { background: $panel; border: none; }
QHeaderView::section { background: $panel; color: $quiet; border: none; border-bottom: 1px solid $line;
    padding: 4px 8px; font-weight: 400; }
QTableCornerButton::section { background: $panel; border: none; }
QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 12px; }
QScrollBar:horizontal { height: 12px; }
QScrollBar::handle { background: $thumb; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 24px; }
QScrollBar::handle:horizontal { min-width: 24px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $thumb_hover; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QMenuBar { background: $window; border: none; }
QMenuBar::item { background: transparent; padding: 4px 8px; border-radius: 4px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $hover; }
QMenu { background: $field; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 24px; border-radius: 4px; }
QMenu::item:selected { background: $selected; }
QMenu::item:disabled { color: $faint; }
QMenu::icon { left: 4px; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QStatusBar { background: $window; color: $quiet; border-top: 1px solid $line; }
QStatusBar::item { border: none; }
"""


def stylesheet(tokens: Tokens) -> str:
    """Return the style sheet of a set of tokens."""
    text, panel = tokens.text, tokens.panel
    toned = {
        "on_accent": tokens.on_accent,
        "check": "light" if tokens.on_accent == "#FFFFFF" else "dark",
        "raised": mix(panel, text, 0.06) if tokens.dark else panel,
        "hover": mix(tokens.window, text, 0.07),
        "pressed": mix(tokens.window, text, 0.12),
        "selected": mix(panel, tokens.accent, 0.2),
        "accent_hover": mix(tokens.accent, text, 0.12),
        "accent_pressed": mix(tokens.accent, text, 0.24),
        "edge": mix(tokens.line, text, 0.12),
        "edge_hover": mix(tokens.line, text, 0.35),
        "faint": mix(tokens.quiet, panel, 0.4),
        "track": mix(tokens.line, text, 0.05),
        "thumb": mix(tokens.line, text, 0.12),
        "thumb_hover": mix(tokens.line, text, 0.3),
        "stripe": mix(panel, tokens.window, 0.6),
        "icons": folder().as_posix(),
    }
    names = ("window", "panel", "field", "line", "text", "quiet", "accent", "good", "watch", "bad")
    plain = {name: getattr(tokens, name) for name in names}
    return Template(_GENERAL + _BUTTONS + _FIELDS + _VIEWS).substitute(plain, **toned)
