"""``python -m ganstudio`` is the command line, which opens the window when nothing else is asked for."""

from ganstudio.cli import main

main(prog_name="ganstudio")
