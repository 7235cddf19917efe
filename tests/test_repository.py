"""What no tool checks: that the repository keeps its shape and its documents say what is true."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "app" / "hivemind_chatroom"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def tracked(under: Path = ROOT) -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", str(under)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = [ROOT / name for name in listing.stdout.split("\0") if name]
    return [path for path in paths if path.exists()]


def declared_dependencies() -> set[str]:
    project = PROJECT["project"]
    groups = [
        project["dependencies"],
        *project["optional-dependencies"].values(),
        *PROJECT["dependency-groups"].values(),
    ]
    names = {re.split(r"[^\w.-]", line)[0] for group in groups for line in group}
    npm = json.loads((ROOT / "package.json").read_text("utf-8"))["devDependencies"]
    return names | set(npm)


def test_there_is_no_top_level_folder_but_those_of_the_design() -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in tracked() if path.parent != ROOT}
    assert folders <= {".ci", ".github", "app", "assets", "docs", "packaging", "tests"}


def test_tests_and_packaging_are_no_packages() -> None:
    # `packaging` is a library's name too, and the folders in tests/ are called like our parts
    assert not (ROOT / "tests" / "__init__.py").exists()
    assert not (ROOT / "packaging" / "__init__.py").exists()


def test_every_data_file_of_the_program_is_installed_with_it() -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["*"]
    folders = {path.parent for path in PACKAGE.rglob("__init__.py")}
    installed = {path for folder in folders for line in patterns for path in folder.glob(line)}
    data = {path for path in tracked(PACKAGE) if path.suffix != ".py"}
    assert data <= installed


def test_every_folder_with_code_is_a_package() -> None:
    code = {path.parent for path in tracked(PACKAGE) if path.suffix == ".py"}
    assert {folder for folder in code if not (folder / "__init__.py").exists()} == set()


def test_every_dependency_has_its_reason_in_the_decisions() -> None:
    decisions = (ROOT / "docs" / "decisions.md").read_text("utf-8").lower()
    assert {
        name for name in declared_dependencies() if f"`{name.lower()}" not in decisions
    } == set()


def test_every_test_that_the_development_guide_names_is_there() -> None:
    guide = (ROOT / "docs" / "development.md").read_text()
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", guide)
    assert named
    for file, test in named:
        assert f"def {test}(" in (ROOT / "tests" / file).read_text(), test


def test_every_make_target_is_in_the_development_guide() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^(\w+):.*## ", makefile, re.MULTILINE))
    guide = (ROOT / "docs" / "development.md").read_text("utf-8")
    assert targets > {"run", "test", "check"}
    assert {target for target in targets if f"make {target}" not in guide} == set()


def test_the_lock_file_names_no_registry_but_the_public_one() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    addresses = {entry.get("resolved", "") for entry in lock["packages"].values()} - {""}
    assert {url for url in addresses if not url.startswith("https://registry.npmjs.org/")} == set()


def anchors_of(document: Path) -> set[str]:
    """Return how the headings of a document are linked to."""
    lines = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    bare = (re.sub(r"[^\w\- ]", "", re.sub(r"\]\([^)]*\)", "", line)) for line in lines)
    return {line.strip().lower().replace(" ", "-") for line in bare}


def test_every_link_between_documents_leads_somewhere() -> None:
    documents = [path for path in tracked() if path.suffix == ".md"]
    broken = []
    for document in documents:
        text = document.read_text("utf-8")
        for link in re.findall(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"", text):
            path, _, anchor = "".join(link).partition("#")
            target = (document.parent / path).resolve() if path else document
            if "://" in path:
                continue
            if not target.exists() or (anchor and anchor not in anchors_of(target)):
                broken.append((document.name, "".join(link)))
    assert broken == []
