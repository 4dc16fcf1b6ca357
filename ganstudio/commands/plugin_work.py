"""The commands of who writes plugins: a new one from a template, and the check of one."""

from pathlib import Path

import click

from ganstudio.templates import KINDS


@click.command()
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), default="architecture", show_default=True)
@click.option("--package", is_flag=True, help="Write a package that pip can install, with a test.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write it in here [default: the plugin folder; of a package, where you are].",
)
def new(name: str, kind: str, package: bool, folder: Path | None) -> None:
    """Write a new plugin from a template: one commented file that works as it is."""
    from ganstudio import places
    from ganstudio.templates import new_package, new_plugin

    if package:
        written = new_package(name, kind, folder or Path.cwd())
        click.echo(f"{written}\nInstall it: pip install -e {written}")
        return
    inside = folder is None or folder.resolve() == places.plugins().resolve()
    written = new_plugin(name, kind, folder or places.plugins())
    click.echo(str(written))
    if inside:
        _agree(written)
        click.echo(f"Once you have changed it, agree to it again: ganstudio plugins trust {written.stem}")
    else:
        click.echo(f"Try it for once: ganstudio --plugin {written} plugins")


@click.command()
@click.argument("plugin")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for other programs.")
@click.option(
    "--seconds", type=click.FloatRange(0.1), default=60.0, show_default=True, help="End it after so long."
)
@click.option("--trust", is_flag=True, help="Agree to the file as it is now; it is executed.")
@click.pass_context
def check(context: click.Context, plugin: str, as_json: bool, seconds: float, trust: bool) -> None:
    """Try a plugin on toy data, and say what is wrong with it, with file and line.

    PLUGIN is a file or a folder, the name of a plugin, or of a class that one offers. Exits with 1 when
    something is wrong.
    """
    from ganstudio.checking import run_check

    _ask_for_trust(plugin, trust)
    report = run_check(plugin, seconds)
    click.echo(report.to_json() if as_json else report.card())
    context.exit(0 if report.ok else 1)


def _ask_for_trust(plugin: str, agreed: bool) -> None:
    """Raise ``InputError`` for a file that nobody has agreed to yet, before anything of it is executed."""
    from ganstudio import places
    from ganstudio.api import InputError
    from ganstudio.discovery.trust import Trust
    from ganstudio.plugin_paths import plugin_path

    path = plugin_path(plugin)
    if path is None:
        return
    trusted = Trust(places.trust())
    if agreed:
        trusted.agree(path)
    elif trusted.state(path) != "trusted":
        how = "has changed since it was agreed to" if trusted.state(path) == "changed" else "is new"
        raise InputError(
            f"{path} {how}, and a check executes it. Read it, then agree to it: ganstudio plugins check "
            "--trust "
            f"{plugin}."
        )


def _agree(path: Path) -> None:
    """Agree to a file that was just written: that is the user's own act."""
    from ganstudio import places
    from ganstudio.discovery.trust import Trust

    Trust(places.trust()).agree(path)


COMMANDS = (new, check)
