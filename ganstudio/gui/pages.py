"""Pages: what fills the middle of the window, each page made when it is first needed.

The window is on screen before plots and tables are loaded. It knows nothing of what the pages do.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from ganstudio.gui import theme
from ganstudio.gui.panels import plugin_words
from ganstudio.gui.panels.experiment_panel import ExperimentPanel
from ganstudio.session.session import Session

if TYPE_CHECKING:
    from ganstudio.gui.compare_tab import CompareTab
    from ganstudio.gui.data_tab import DataTab
    from ganstudio.gui.live_tab import LiveTab
    from ganstudio.gui.playground_tab import PlaygroundTab
    from ganstudio.gui.plugins_tab import PluginsTab
    from ganstudio.gui.runs_tab import RunsTab
    from ganstudio.gui.translate_tab import TranslateTab

Page = TypeVar("Page", bound=QWidget)

_NAMES = ("Live", "Playground", "Compare", "Runs", "Translate", "Data", "Plugins")
_THREAD_MS = 1000
"""What is being read when the window closes is waited for so long."""


class Pages(QTabWidget):
    """One page is in view.

    Signals:
        said: something for the log, and how it is marked.
        failed: a few words on what failed, and the sentence.
        made: a page that did not exist before: its name here, and the page.
    """

    said = Signal(str)
    failed = Signal(str, str)
    made = Signal(str, object)

    def __init__(self, session: Session, form: ExperimentPanel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._form = session, form
        self._made: dict[str, Any] = {}
        self._places = {name: self._place(name) for name in _NAMES}
        self.setTabIcon(_NAMES.index("Plugins"), theme.icon("plugin", "quiet"))
        self.setDocumentMode(True)
        self.currentChanged.connect(self._fill_current)
        session.loadingChanged.connect(self._look_at_plugins)
        QTimer.singleShot(0, self, self._look_at_plugins)

    def live(self) -> "LiveTab":
        """Return the samples and curves of the run that is shown."""

        def make(parent: QWidget) -> "LiveTab":
            from ganstudio.gui.live_tab import LiveTab

            return LiveTab(self._session, parent)

        return self._page("Live", make)

    def playground(self) -> "PlaygroundTab":
        """Return the look into the game on points."""

        def make(parent: QWidget) -> "PlaygroundTab":
            from ganstudio.gui.playground_tab import PlaygroundTab

            return PlaygroundTab(self._session, parent)

        return self._page("Playground", make)

    def compare(self) -> "CompareTab":
        """Return the runs beside each other."""

        def make(parent: QWidget) -> "CompareTab":
            from ganstudio.gui.compare_tab import CompareTab

            return CompareTab(self._session, parent)

        return self._page("Compare", make)

    def runs(self) -> "RunsTab":
        """Return the table of all runs."""

        def make(parent: QWidget) -> "RunsTab":
            from ganstudio.gui.runs_tab import RunsTab

            return RunsTab(self._session, parent)

        return self._page("Runs", make)

    def translate(self) -> "TranslateTab":
        """Return the page that translates images with a run."""

        def make(parent: QWidget) -> "TranslateTab":
            from ganstudio.gui.translate_tab import TranslateTab

            return TranslateTab(self._session, parent)

        return self._page("Translate", make)

    def data(self) -> "DataTab":
        """Return the look at the data."""

        def make(parent: QWidget) -> "DataTab":
            from ganstudio.gui.data_tab import DataTab

            return DataTab(self._session, self._form, parent)

        return self._page("Data", make)

    def plugins(self) -> "PluginsTab":
        """Return the list of plugins."""

        def make(parent: QWidget) -> "PluginsTab":
            from ganstudio.gui.plugins_tab import PluginsTab

            return PluginsTab(self._session, self._form, parent)

        if not self.is_made("Plugins"):
            page = self._page("Plugins", make)
            page.marked.connect(self._mark_plugins)
            page.mark()
        return self._page("Plugins", make)

    def is_made(self, name: str) -> bool:
        """Say whether a page was needed yet."""
        return name in self._made

    def title(self, name: str) -> str:
        """Return what stands on the tab of a page."""
        return self.tabText(_NAMES.index(name))

    def show_page(self, name: str) -> None:
        """Bring a page into view."""
        self.setCurrentWidget(self._places[name])

    def shutdown(self) -> bool:
        """End what pages do on threads of their own; return whether all ended in time."""
        ended = [page.shutdown(_THREAD_MS) for page in self._made.values() if hasattr(page, "shutdown")]
        return all(ended)

    def _page(self, name: str, make: Callable[[QWidget], Page]) -> Page:
        if name not in self._made:
            place = self._places[name]
            page: Any = make(place)
            self._made[name] = page
            page.said.connect(self.said)
            page.failed.connect(self.failed)
            layout = place.layout()
            assert layout is not None
            layout.addWidget(page)
            self.made.emit(name, page)
        made: Page = self._made[name]
        return made

    def _place(self, name: str) -> QWidget:
        place = QWidget(self)
        QVBoxLayout(place).setContentsMargins(0, 0, 0, 0)
        self.addTab(place, name)
        return place

    @Slot()
    def _look_at_plugins(self) -> None:
        """Once plugins are loaded, their tab says what is to be looked at, before anybody opens it."""
        if self._session.ready:
            self.plugins()

    @Slot(int, int)
    def _mark_plugins(self, wrong: int, to_agree: int) -> None:
        """Say on the tab how many plugins failed, and how many wait for the user to agree to them."""
        tab = _NAMES.index("Plugins")
        self.setTabText(tab, plugin_words.tab_text(wrong, to_agree))
        icon = ("warning", "bad") if wrong else ("shield", "watch") if to_agree else ("plugin", "quiet")
        self.setTabIcon(tab, theme.icon(*icon))

    @Slot(int)
    def _fill_current(self, index: int) -> None:
        name = _NAMES[index]
        makers: dict[str, Callable[[], QWidget]] = {
            "Playground": self.playground,
            "Compare": self.compare,
            "Runs": self.runs,
            "Translate": self.translate,
            "Data": self.data,
            "Plugins": self.plugins,
        }
        if name in makers and self.isVisible():
            makers[name]()
