"""The check of one plugin in a process of its own: ``python -m ganstudio.testing TARGET FOLDER SECONDS``.

Each finding is written into ``FOLDER/findings`` as it is made, one JSON object a line, and an empty line at
the end. The file ``FOLDER/where`` is there once time begins to count; after so many seconds, where it was is
written into it, even while the plugin holds the interpreter.
Who started it asks for trust before, reads along, and ends it when its time is over.
"""

import faulthandler
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from ganstudio.api import StudioError
from ganstudio.testing.report import Finding


def main(target: str, folder: Path, seconds: float) -> None:
    """Check a target; it ends well unless the plugin takes the process down."""
    # Loading torch is no part of the plugin's time.
    import_module("ganstudio.testing.checker")
    with (folder / "where").open("w") as where, (folder / "findings").open("w", encoding="utf-8") as out:
        faulthandler.dump_traceback_later(seconds, file=where)

        def tell(finding: Finding) -> None:
            out.write(json.dumps(asdict(finding), ensure_ascii=False) + "\n")
            out.flush()

        _check(target, tell)
        out.write("\n")
        out.flush()
        faulthandler.cancel_dump_traceback_later()


def _check(target: str, tell: Callable[[Finding], None]) -> None:
    from ganstudio.testing.checker import check
    from ganstudio.testing.targets import load_target

    try:
        found = load_target(target)
    # What a plugin raises while it is imported is a finding as well.
    except (Exception, SystemExit) as error:
        tell(_failed_to_load(target, error))
        return
    check(found, tell=tell)


def _failed_to_load(target: str, error: BaseException) -> Finding:
    from ganstudio.testing.engine import said
    from ganstudio.testing.where import of_error

    place = of_error(error)
    if isinstance(error, SyntaxError) and error.filename:
        sentence = f"It is no Python: {error.msg}."
        return Finding("loads", False, sentence, error.filename, error.lineno or 0)
    sentence = said(error)
    if isinstance(error, ModuleNotFoundError) and error.name:
        package = error.name.partition(".")[0]
        sentence = f"It needs the package {package}, which is not installed: pip install {package}."
    elif not isinstance(error, StudioError | SystemExit):
        sentence = f"It cannot be loaded. {sentence}"
    return Finding("loads", False, sentence, place.file or target, place.line)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]))
