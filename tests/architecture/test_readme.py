"""What the README says of commands, options and variables without showing them is true as well."""

import re

import typer
from typer.core import TyperGroup

from farmlink.cli.program import app
from tests.architecture.house import ROOT

README = (ROOT / "README.md").read_text()
QUOTED = re.findall(r"`([^`\n]+)`", README)


def program() -> TyperGroup:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return group


def options(command: str) -> set[str]:
    """Every option of a command, the ones that switch something off as well."""
    params = program().commands[command].params
    return {name for param in params for name in (*param.opts, *param.secondary_opts) if name.startswith("--")}


def named_options(*starts: str) -> set[str]:
    """Options that the README names behind one of these words."""
    return {name for said in QUOTED if said.startswith(starts) for name in re.findall(r"--[a-z-]+", said)}


def test_every_command_of_the_program_that_the_readme_names_is_there() -> None:
    running = README.split("## Running it")[1].split("\n\n|")[0]
    named = set(re.findall(r"`([a-z]+)`", running))
    started = {words[1] for said in QUOTED if (words := said.split())[0].endswith("farmlink") and len(words) > 1}

    assert {"migrate", "tick", "import", "plan", "check", "backup", "restore", "demo"} <= named
    assert (named | started) - {"--help", "mail"} <= set(program().commands)


def test_every_option_of_the_demo_that_the_readme_names_is_there() -> None:
    named = named_options("scripts/demo", "--farms")

    assert {"--once", "--json", "--farms", "--state"} <= named
    assert named <= options("demo")


def test_every_option_of_the_server_that_the_readme_names_is_there() -> None:
    named = named_options("farmlink serve", "scripts/serve")

    assert "--no-scheduler" in named
    assert named <= options("serve")


def test_every_variable_of_the_readme_is_read_and_every_variable_that_is_read_is_in_the_readme() -> None:
    said = set(re.findall(r"FARMLINK_[A-Z_]+", README))
    read = set(re.findall(r'"(FARMLINK_[A-Z_]+)"', (ROOT / "farmlink/settings.py").read_text()))

    assert said == read
