"""The command line: every command is a thin call into the layers below.

Exit status 2 for what was asked wrongly, 1 for what failed underway; the sentence goes to stderr, the
traceback to the log file, and to stderr with ``--debug``.
"""

import os
import traceback
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ganstudio import __version__
from ganstudio.api import InputError
from ganstudio.commands import common
from ganstudio.failures import describe_failure
from ganstudio.logs import start_logging

if TYPE_CHECKING:
    from ganstudio.discovery.sources import Sources


_MODULES = (
    "training",
    "branching",
    "steering",
    "queue",
    "runs",
    "asking",
    "plugins",
    "export",
    "film",
    "translate",
    "upscale",
    "evaluate",
    "health",
)
"""The modules of ``ganstudio.commands``, each with commands of its own."""


class _Commands(click.Group):
    """A group whose failures are sentences and exit statuses.

    Its commands are loaded when one is asked for, so that the window does not wait for them.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        self._load()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name."""
        self._load()
        return super().get_command(ctx, cmd_name)

    def _load(self) -> None:
        for name in () if self.commands else _MODULES:
            for command in import_module(f"ganstudio.commands.{name}").COMMANDS:
                self.add_command(command)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; turn what it raises into a sentence on stderr."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            raise click.Abort from None
        # No command calls sys.exit, so it is a plugin that does.
        except (Exception, SystemExit) as error:
            sentence, _details = describe_failure(error)
            _complain(sentence, error, ctx.obj and ctx.obj.debug)
            ctx.exit(2 if isinstance(error, InputError) else 1)


@click.group(cls=_Commands, invoke_without_command=True)
@click.version_option(__version__, prog_name="ganstudio")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
@click.option("--safe-mode", is_flag=True, help="Load the built-in plugins alone.")
@click.option(
    "--plugin",
    "extra",
    metavar="PATH",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A plugin file or folder for this session alone; may be given several times.",
)
@click.option("--trust", is_flag=True, help="Agree to each --plugin as it is now, and remember it.")
@click.pass_context
def main(context: click.Context, debug: bool, safe_mode: bool, extra: tuple[Path, ...], trust: bool) -> None:
    """Train generative adversarial networks and their relatives. Without a command, open the window."""
    if extra and safe_mode:
        raise click.UsageError("--safe-mode loads the built-in plugins alone; leave --plugin out, or it.")
    if trust and not extra:
        raise click.UsageError("--trust goes with --plugin PATH.")
    context.obj = common.Options(debug, _sources(safe_mode, extra))
    start_logging()
    if trust:
        _agree(extra)
    if context.invoked_subcommand is None:
        _open_window(context)


def _sources(safe: bool, extra: tuple[Path, ...]) -> "Sources | None":
    """Return where plugins come from; ``None``: where the environment says, read when needed."""
    if not safe and not extra:
        return None
    from ganstudio.discovery.sources import Sources

    named = Sources.from_environment()
    return Sources(safe or named.safe, (*named.extra, *extra))


def _agree(paths: tuple[Path, ...]) -> None:
    from ganstudio import places
    from ganstudio.discovery.trust import Trust

    for path in paths:
        Trust(places.trust()).agree(path)


def _open_window(context: click.Context) -> None:
    from ganstudio.display import display_problem

    problem = display_problem()
    if problem:
        click.echo(problem, err=True)
        context.exit(1)
    if context.obj.sources is not None:
        # The window reads it there, and so does whatever it starts in processes of its own.
        os.environ.update(context.obj.sources.environment())
    from ganstudio.app import run

    context.exit(run())


def _complain(sentence: str, error: BaseException, debug: bool) -> None:
    click.echo(sentence, err=True)
    if debug:
        traceback.print_exception(error)
