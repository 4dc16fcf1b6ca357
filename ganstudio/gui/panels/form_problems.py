"""FormProblems: puts each problem of an experiment where it belongs in the form, and lists the rest."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganstudio.experiment import Problem
from ganstudio.gui.panels.experiment_form import ExperimentForm
from ganstudio.gui.widgets.notice import Notice


class FormProblems(QWidget):
    """The list of what no visible field stands for; empty and hidden at first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notice = Notice("bad", closable=True, parent=self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._notice)
        self.hide()

    def clear(self) -> None:
        """Empty the list; fields forget their problems as they are given values."""
        self._notice.say("")
        self.hide()

    def text(self) -> str:
        """Return what is listed."""
        return self._notice.text.text()

    def show_problems(self, form: ExperimentForm, problems: list[Problem]) -> QWidget | None:
        """Show problems in place of those before; return the first widget that is marked."""
        for field in form.fields():
            field.show_problem("")
        for chooser in form.choosers().values():
            chooser.show_problem("")
        marked = {problem.path: _mark(form, problem) for problem in problems}
        listed = [problem.sentence for problem in problems if marked[problem.path] is None]
        self._notice.say("\n".join(listed))
        self.setVisible(bool(listed))
        return next((widget for widget in marked.values() if widget is not None), None)


def _mark(form: ExperimentForm, problem: Problem) -> QWidget | None:
    """Show a problem on its field or chooser and return that; ``None`` where there is none to be seen."""
    chooser = form.choosers().get(problem.path)
    if chooser is not None:
        chooser.show_problem(problem.sentence)
        return chooser
    field = form.field(problem.path)
    if field is None:
        return None
    for group in form.groups():
        if group.isAncestorOf(field):
            group.set_open(True)
    if not field.isVisibleTo(form):
        return None
    field.show_problem(problem.sentence)
    return field
