"""One plugin in each state, by hand."""

from ganstudio.catalogue import PluginState

LOADED = PluginState("digits", "ganstudio: digits", "0.1", ("Digits",), seconds=0.01)
FAILED = PluginState("broken", "mine: broken", "2.0", (), "It needs the package x.", "Traceback: x", 0.2)
OWN = PluginState(
    *("own", "file: own.py", "0123456789ab", ("Own GAN",)),
    seconds=0.02,
    kind="file",
    path="/plugins/own.py",
    digest="01" * 32,
)
STALE = PluginState(
    *("late", "file: late.py", "0123456789ab", ("Late GAN",), "It raised ValueError: no.", "Traceback: no"),
    kind="file",
    path="/plugins/late.py",
    state="stale",
    digest="23" * 32,
)
UNTRUSTED = PluginState(
    "new", "file: new.py", "", kind="file", path="/plugins/new.py", state="untrusted", digest="45" * 32
)
CHANGED = PluginState(
    *("other", "file: other.py", "", ("Other GAN",)),
    kind="file",
    path="/plugins/other.py",
    state="changed",
    digest="67" * 32,
)
DISABLED = PluginState("off", "mine: off", "1.0", state="disabled", notes=("It was disabled.",))
SESSION = PluginState(
    "once", "file: once.py", "", ("Once",), kind="session", path="/tmp/once.py", digest="89" * 32
)
EVERY = (LOADED, FAILED, OWN, STALE, UNTRUSTED, CHANGED, DISABLED, SESSION)
