"""``python -m ganstudio`` is the command line, which opens the window when nothing else is asked for."""

from ganstudio.cli import main

# Processes that libraries start may import this module again.
if __name__ == "__main__":
    main(prog_name="ganstudio")
