"""Form search: shows what matches some words, and nothing else. It knows no meanings."""

from ganstudio.gui.panels.experiment_form import ExperimentForm
from ganstudio.gui.panels.ticks_section import TicksSection
from ganstudio.gui.widgets.setting_field import SettingField


def show_matching(form: ExperimentForm, text: str) -> SettingField | None:
    """Show the fields in which every word of ``text`` occurs, and return the first; all for an empty text."""
    words = text.lower().split()
    found = [field for field in form.fields() if not words or field.matches(words)]
    for field in form.fields():
        field.setVisible(field in found)
    for group in form.groups():
        if isinstance(group, TicksSection):
            any_found = group.show_matching(words)
        else:
            any_found = any(group.isAncestorOf(field) for field in found) or _in(group.title, words)
        group.show_found(any_found if words else None)
    return next((field for field in found if field.isVisibleTo(form)), None) if words else None


def _in(title: str, words: list[str]) -> bool:
    return all(word in title.lower() for word in words)
