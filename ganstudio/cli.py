"""The command line: every command is a thin call into the layers below.

Exit status 2 for what was asked wrongly, 1 for what failed underway; the sentence goes to stderr, the
traceback to the log file, and to stderr with ``--debug``.
"""

import traceback
from typing import Any

import click

from ganstudio import __version__
from ganstudio.api import InputError
from ganstudio.commands import asking, branching, common, export, film, queue, runs, steering, training
from ganstudio.failures import describe_failure
from ganstudio.logs import start_logging


class _Commands(click.Group):
    """A group whose failures are sentences and exit statuses."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; turn what it raises into a sentence on stderr."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            raise click.Abort from None
        except Exception as error:
            sentence, _details = describe_failure(error)
            _complain(sentence, error, ctx.obj and ctx.obj.debug)
            ctx.exit(2 if isinstance(error, InputError) else 1)


@click.group(cls=_Commands, invoke_without_command=True)
@click.version_option(__version__, prog_name="ganstudio")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
@click.pass_context
def main(context: click.Context, debug: bool) -> None:
    """Train generative adversarial networks and their relatives. Without a command, open the window."""
    context.obj = common.Options(debug)
    start_logging()
    if context.invoked_subcommand is None:
        _open_window(context)


for _module in (training, branching, steering, queue, runs, asking, export, film):
    for _command in _module.COMMANDS:
        main.add_command(_command)


def _open_window(context: click.Context) -> None:
    from ganstudio.display import display_problem

    problem = display_problem()
    if problem:
        click.echo(problem, err=True)
        context.exit(1)
    from ganstudio.app import run

    context.exit(run())


def _complain(sentence: str, error: Exception, debug: bool) -> None:
    click.echo(sentence, err=True)
    if debug:
        traceback.print_exception(error)
