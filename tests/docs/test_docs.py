"""What the documents say of commands, dependencies, files and pictures is so."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib.metadata import packages_distributions
from pathlib import Path

import cv2
import numpy as np
import pytest
import typer
from PySide6.QtGui import QGuiApplication

import kiosk
from devices.printer.fonts import FontProblem
from devices.printer.page import LayoutProblem
from devices.printer.render import render
from kiosk.app.model_files import load_manifest
from kiosk.app.settings import TerminalSettings, load_settings
from kiosk.cli.commands import COMMANDS, app
from kiosk.cli.demo.scenario import PARTS, SCENARIOS
from kiosk.documents.paper_document import NotAPaper, paper_from_json
from kiosk.documents.receipt import passed_receipt
from tests.kiosk.documents.specimens import TRAINING
from tests.story_summary import BRANCHES

ROOT = Path(kiosk.__file__).parents[1]
DOCS = ROOT / "docs"
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
PAGES = [*READMES, ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
ROOMS = ("benchmarks", "devices", "gateway", "kiosk", "offline_cache", "simulators", "tests", "ui")

FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
COMMAND = re.compile(r"`kiosk ((?:[a-z][a-z-]+)(?: [a-z]+)?)")
ABSOLUTE_PATH = re.compile(r"(?<![\w.:/<>{}~])/[a-z][\w.-]*/[\w./{}-]*")
SYSTEM_PATHS = ("/dev/", "/usr/share/", "/v1/")
NEVER_ON_PAPER = tuple("".join(pair) for pair in (("失", "败"), ("非本", "人"), ("活体检测不", "通过"), ("冒", "领")))


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def headings(page: Path) -> list[int]:
    """The levels, in order."""
    return [len(mark) for mark in re.findall(r"^(#+) ", FENCE.sub("", text_of(page)), re.MULTILINE)]


def commands_there_are() -> set[str]:
    """``run``, ``queue list`` ...: every command as it is typed."""
    table = typer.main.get_command(app)
    assert isinstance(table, typer.core.TyperGroup)
    context = typer.Context(table)
    found = set()
    for name in COMMANDS:
        command = table.get_command(context, name)
        subcommands = getattr(command, "commands", {})
        found |= {f"{name} {sub}" for sub in subcommands} or {name}
    return found


def commands_named_in(page: Path) -> set[str]:
    """In the table of commands; what follows the name of a command without subcommands is its argument."""
    there = commands_there_are()
    named = (match.split() for match in COMMAND.findall(text_of(page)))
    return {" ".join(words) if " ".join(words) in there or words[0] not in there else words[0] for words in named}


@pytest.mark.parametrize("page", READMES, ids=name_of)
def test_a_readme_names_every_command_and_no_other(page: Path) -> None:
    assert commands_named_in(page) == commands_there_are()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_page_names_a_command_that_is_not_there(page: Path) -> None:
    assert commands_named_in(page) <= commands_there_are() | set(COMMANDS)


def test_both_readmes_have_the_same_sections_pictures_and_tables() -> None:
    english, chinese = READMES
    assert headings(english) == headings(chinese)
    assert targets(english) - {chinese.name} == targets(chinese) - {english.name}
    rows = [len(re.findall(r"^\|", text_of(page), re.MULTILINE)) for page in READMES]
    assert rows[0] == rows[1]


def test_both_readmes_count_the_cases_of_the_demo_and_the_branches_they_tell() -> None:
    cases = [tomllib.loads(text_of(file)) for file in SCENARIOS.glob("*.toml") if file.name != PARTS]
    told = {code for case in cases for code in case.get("covers", [])}
    english, chinese = (text_of(page).replace("\n", " ") for page in READMES)
    assert f"plays {len(cases)} cases" in english
    assert f"tell {len(told)} of the {len(BRANCHES)} failure branches" in english
    assert f"演完 {len(cases)} 个案例" in chinese
    assert f"{len(BRANCHES)} 种异常情形里的 {len(told)} 种" in chinese


def targets(page: Path) -> set[str]:
    return {link or image for link, image in LINK.findall(FENCE.sub("", text_of(page)))}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_relative_link_and_picture_is_there(page: Path) -> None:
    relative = [target.split("#")[0] for target in targets(page) if not target.startswith(("http://", "https://", "#"))]
    assert [target for target in relative if not (page.parent / target).exists()] == []


def direct_dependencies() -> Iterator[str]:
    """Python packages of both ``.in`` files, Debian packages of both lists."""
    for file in sorted((ROOT / "packaging").glob("requirements*.in")) + sorted((ROOT / "packaging").glob("apt-*.txt")):
        for line in text_of(file).splitlines():
            name = re.match(r"[A-Za-z0-9][\w.+-]*", line)
            if name is not None:
                yield name[0]


def rows_of(page: Path) -> set[str]:
    """The first cells of its tables, without back quotes."""
    return {cell.strip().strip("`") for cell in re.findall(r"^\|([^|]+)\|", text_of(page), re.MULTILINE)}


def test_every_direct_dependency_has_its_line() -> None:
    wanted = set(direct_dependencies())
    assert wanted
    assert wanted - rows_of(DOCS / "dependencies.md") == set()


def test_every_model_file_and_its_package_have_their_line() -> None:
    text, rows = text_of(DOCS / "dependencies.md"), rows_of(DOCS / "dependencies.md")
    for package in load_manifest().packages:
        assert package.requirement.replace("==", " ") in text
        assert {file.name for file in package.files} <= rows


def imported_packages() -> set[str]:
    """Top names that the product imports and that are neither its own rooms nor Python's."""
    names = set()
    for room in ROOMS:
        for path in [] if room == "tests" else (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(text_of(path))):
                if isinstance(node, ast.ImportFrom) and not node.level:
                    names.add((node.module or "").split(".")[0])
                elif isinstance(node, ast.Import):
                    names |= {alias.name.split(".")[0] for alias in node.names}
    return {name for name in names if name not in ROOMS and name not in sys.stdlib_module_names and name[0] != "_"}


def test_every_imported_package_is_told_of() -> None:
    text = text_of(DOCS / "dependencies.md").lower().replace("_", "-")
    owners = packages_distributions()
    unknown = [
        name
        for name in imported_packages()
        if not any(owner.lower().replace("_", "-") in text for owner in owners.get(name, [name]))
    ]
    assert unknown == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_page_names_a_place_of_somebody_s_machine(page: Path) -> None:
    found = ABSOLUTE_PATH.findall(text_of(page))
    assert [path for path in found if not path.startswith(SYSTEM_PATHS)] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_pages_keep_the_words_that_papers_keep(page: Path) -> None:
    assert [word for word in NEVER_ON_PAPER if word in text_of(page)] == []


def test_every_decision_is_listed() -> None:
    decisions = sorted(path.name for path in (DOCS / "adr").glob("0*.md"))
    assert decisions
    assert [name[:4] for name in decisions] == [f"{number:04d}" for number in range(1, len(decisions) + 1)]
    assert set(decisions) == targets(DOCS / "adr" / "README.md")


@pytest.mark.parametrize("page", sorted((DOCS / "adr").glob("0*.md")), ids=name_of)
def test_a_decision_has_its_three_parts(page: Path) -> None:
    assert re.findall(r"^## (.+)$", text_of(page), re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert re.match(rf"# {page.name[:4]} \S", text_of(page))


def test_the_example_of_settings_is_accepted() -> None:
    settings = load_settings(DOCS / "terminal.example.toml")
    assert isinstance(settings, TerminalSettings), settings.problems
    assert settings.site.training, "an example never prints papers that count"


def test_the_changelog_knows_the_version() -> None:
    version = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]["version"]
    assert f"## [{version}]" in text_of(ROOT / "CHANGELOG.md")


def test_the_screen_is_the_approved_home_page() -> None:
    approved = ROOT / "tests" / "golden" / "pages" / "upright" / "standard-zh" / "home.png"
    shown = DOCS / "images" / "home.png"
    assert shown.read_bytes() == approved.read_bytes(), f"copy {name_of(approved)} to {name_of(shown)}"


def test_the_receipt_is_what_is_printed_today_and_marked(qapp: QGuiApplication) -> None:
    paper = paper_from_json((DOCS / "images" / "receipt.json").read_bytes())
    assert not isinstance(paper, NotAPaper), paper.places
    assert paper.marking == "演示"
    assert paper == passed_receipt(TRAINING, date(2027, 11, 30)), "docs/images/receipt.json has other words"
    dots = render(paper, 80)
    assert not isinstance(dots, FontProblem | LayoutProblem)
    shown = cv2.imread(str(DOCS / "images" / "receipt.png"), cv2.IMREAD_GRAYSCALE)
    assert shown is not None
    same = shown.shape == dots.shape and bool(np.array_equal(shown == 0, dots))
    assert same, "renew docs/images/receipt.png as README.md says"
