"""``mlinfra parts``: the catalogue of hardware, with where each figure comes from."""

from pathlib import Path

import typer

from advisor.cli import complete
from advisor.cli.output import Format, Output, emit
from advisor.errors import AdvisorError

EXAMPLES = """\b
Examples:
  mlinfra parts list 4090
  mlinfra parts show "NVIDIA L4" --sources
  mlinfra parts compare "NVIDIA L4" "NVIDIA A10"
"""
Rules = typer.Option([], "--rules", help="A folder with more parts.")
Sources = typer.Option(False, "--sources", help="Say where each figure comes from.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        help="Hardware that one could buy, rent or aim at.",
        epilog=EXAMPLES,
        no_args_is_help=True,
    )
    group.command("list", epilog=EXAMPLES)(listed)
    group.command("show", epilog=EXAMPLES)(show)
    group.command("compare", epilog=EXAMPLES)(compare)
    app.add_typer(group, name="parts")


def listed(
    words: list[str] = typer.Argument(None, help="Only parts whose names hold all these words."),
    kind: str = typer.Option("", "--kind", help="Only gpu, cpu, accelerator, npu, memory, disk …"),
    form: str = Format,
    output: list[str] = Output,
    rules: list[Path] = Rules,
) -> int:
    """List the parts."""
    from advisor.pipeline.parts import chosen

    emit(chosen(tuple(words or ()), kind, tuple(rules)), form, output)
    return 0


def show(
    name: str = typer.Argument(
        ..., help="A name as drivers print it.", autocompletion=complete.part
    ),
    sources: bool = Sources,
    form: str = Format,
    output: list[str] = Output,
    rules: list[Path] = Rules,
) -> int:
    """Show one part."""
    from advisor.pipeline.parts import named

    emit(named((name,), tuple(rules)), form, output, verbose=sources)
    return 0


def compare(
    names: list[str] = typer.Argument(
        ..., help="Two parts or more, as drivers print them.", autocompletion=complete.part
    ),
    sources: bool = Sources,
    form: str = Format,
    output: list[str] = Output,
    rules: list[Path] = Rules,
) -> int:
    """Lay parts side by side."""
    from advisor.pipeline.parts import named

    if len(names) < 2:
        raise AdvisorError("compare parts", "there is only one", remedy="name two or more")
    emit(named(tuple(names), tuple(rules)), form, output, verbose=sources)
    return 0
