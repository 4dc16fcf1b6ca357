"""Editor: a source file opened where the user edits, at a line where the editor can be told one.

It knows nothing of plugins. It never lets the desktop run a file: on Windows, opening a Python file would.
"""

import os
import shlex
import shutil
import sys
from pathlib import Path

from PySide6.QtCore import QProcess

from ganstudio.gui.files import show_on_desktop

VARIABLES = ("GANSTUDIO_EDITOR", "VISUAL", "EDITOR")
"""Asked in this order for the editor's command."""

_AT_LINE = {
    **dict.fromkeys(("code", "codium", "code-insiders", "cursor"), ("--goto", "{file}:{line}")),
    **dict.fromkeys(("subl", "zed", "hx-gui", "atom"), ("{file}:{line}",)),
    **dict.fromkeys(("gvim", "mvim", "gedit", "xed", "pluma", "emacs", "emacsclient"), ("+{line}", "{file}")),
    **dict.fromkeys(("pycharm", "charm", "idea", "kate", "kwrite"), ("--line", "{line}", "{file}")),
    "notepad++": ("-n{line}", "{file}"),
}
"""How editors are told a line, by the name of their program."""

_IN_TERMINALS = {"vi", "vim", "nvim", "nano", "pico", "micro", "hx", "joe", "ne", "ed", "mcedit", "kak"}


def open_in_editor(path: Path, line: int = 0) -> bool:
    """Open a file in the user's editor; return whether something took it.

    The editor is the one in the environment where that has a window of its own, else the desktop's.
    """
    command = editor_command(path, line)
    if command:
        return bool(QProcess.startDetached(command[0], command[1:])[0])
    if sys.platform == "win32":
        os.startfile(path, "edit")
        return True
    return show_on_desktop(path)


def editor_command(path: Path, line: int = 0) -> list[str]:
    """Return the command of the editor in the environment; empty where there is none with a window."""
    for variable in VARIABLES:
        words = shlex.split(os.environ.get(variable, ""), posix=sys.platform != "win32")
        program = shutil.which(words[0]) if words else None
        name = Path(words[0]).stem if words else ""
        # Whoever names a program for this studio alone knows that it can be started from a window.
        if program and (variable == VARIABLES[0] or name not in _IN_TERMINALS):
            return [program, *words[1:], *_arguments(name, path, line)]
    return []


def _arguments(name: str, path: Path, line: int) -> list[str]:
    if line <= 0 or name not in _AT_LINE:
        return [str(path)]
    return [part.format(file=path, line=line) for part in _AT_LINE[name]]
