"""The commands about plugins: what there is, and what the user agrees to. They load nothing unasked."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ganstudio.commands import common, plugin_work

if TYPE_CHECKING:
    from ganstudio.catalogue import PluginState
    from ganstudio.discovery.trust import Trust


@click.group(invoke_without_command=True)
@click.pass_context
def plugins(context: click.Context) -> None:
    """List the plugins: what each brings, and what failed to load."""
    if context.invoked_subcommand is None:
        _list()


@plugins.command()
@click.argument("plugin", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--show", is_flag=True, help="Only show what would be agreed to.")
def trust(plugin: Path, show: bool) -> None:
    """Agree to a plugin file or folder as it is now, so that it is loaded from then on.

    A name alone is looked for in the plugin folder as well. Once it changes, it is asked for again.
    """
    from ganstudio.discovery.content import read_content

    trusted, path = _trust(), _find(plugin)
    content = read_content(path)
    changed = trusted.diff_of(content)
    if show:
        click.echo(changed or f"{path} was agreed to as it is.", nl=not changed)
        return
    if trusted.judge(content) == "changed":
        click.echo(changed, err=True)
    click.echo(f"Agreed to {path}, SHA-256 {trusted.agree(path, content.digest)}.")


@plugins.command()
@click.argument("plugin", metavar="FILE", type=click.Path(path_type=Path))
def withdraw(plugin: Path) -> None:
    """Agree to a plugin file or folder no more; it is not loaded any more."""
    path = _find(plugin)
    _trust().withdraw(path)
    click.echo(f"{path} is not agreed to any more.")


@plugins.command()
@click.argument("name")
def disable(name: str) -> None:
    """Load a plugin no more, by its name in the list or by its source."""
    source = _source(name)
    _trust().disable(source)
    click.echo(f"{source} is disabled.")


@plugins.command()
@click.argument("name")
def enable(name: str) -> None:
    """Load a plugin again that was disabled."""
    source = _source(name)
    for known in {name, source}:
        _trust().enable(known)
    click.echo(f"{source} is enabled.")


def _list() -> None:
    options = click.get_current_context().find_object(common.Options)
    traces = False
    for plugin in common.registry(warn=False).plugins:
        _show(plugin)
        traces |= bool(plugin.traceback)
        if plugin.traceback and options and options.debug:
            click.echo(plugin.traceback, err=True)
    if traces:
        click.echo("The traceback of a failed plugin is shown with: ganstudio --debug plugins", err=True)


def _show(plugin: "PluginState") -> None:
    where = f"  {plugin.path}" if plugin.path else ""
    click.echo(
        f"{plugin.name}  {plugin.state}  {plugin.source} {plugin.version}  {plugin.seconds:.2f} s{where}"
    )
    if plugin.failed or plugin.brings or plugin.works:
        click.echo(f"    {plugin.failed or ', '.join(plugin.brings)}")
    for note in plugin.notes:
        click.echo(f"    {note}")
    if plugin.state in ("untrusted", "changed"):
        click.echo(f"    SHA-256 {plugin.digest}")
    if plugin.pip:
        click.echo(f"    {plugin.pip}")
    for line in plugin.printed.splitlines():
        click.echo(f"    printed: {line}")


def _trust() -> "Trust":
    from ganstudio import places
    from ganstudio.discovery.trust import Trust

    return Trust(places.trust())


def _find(plugin: Path) -> Path:
    """Return the path of a plugin file, or of that name in the plugin folder."""
    from ganstudio import places

    inside = places.plugins() / plugin
    tried = (plugin, inside, inside.with_name(f"{inside.name}.py"))
    return next((path for path in tried if path.exists()), plugin)


def _source(name: str) -> str:
    """Return the source of the plugin of that name; raises ``InputError`` where there is none, or several."""
    from ganstudio.api import InputError
    from ganstudio.experiment import unknown_name

    found = common.sources().candidates()
    sources = sorted({c.source for c in found if name in (c.name, c.source)})
    if not sources:
        raise InputError(unknown_name("plugin", name, [c.name for c in found]))
    if len(sources) > 1:
        raise InputError(f"{name} is the name of several plugins; say which: {', or '.join(sources)}.")
    return sources[0]


for _command in plugin_work.COMMANDS:
    plugins.add_command(_command)

COMMANDS = (plugins,)
