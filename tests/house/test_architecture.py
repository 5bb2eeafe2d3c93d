"""The documentation agrees with the code: every file, folder and page it names exists."""

import re
from importlib import import_module

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

APPS = ("accounts", "blog", "comments", "config")
WRITTEN = ("docs/**/*.md", "README.md", "CONTRIBUTING.md")
IN_BACKTICKS = re.compile(r"`([^`\n]+)`")
ROOTS = "|".join((*APPS, "bench", "docs", "static", "templates", "tests"))
PYTHON = re.compile(rf"(?:{ROOTS})(?:/[\w-]+)+\.py")
FOLDER = re.compile(rf"(?:{ROOTS})/(?:[\w-]+/)*")
DOTTED = re.compile(rf"(?:{'|'.join(APPS)})(?:\.\w+)+")
PERMISSION = re.compile(r"\w+\.(?:add|change|delete|moderate|take|view)_\w+")
# Folders that Django prescribes; the page explains them once for all apps.
OF_DJANGO = {"migrations", "management", "commands", "__pycache__"}
# Files that docs/dependencies.md proposes in case a package is given up.
IF_EVER = {"static/htmx/", "static/prose/"}


@pytest.fixture
def architecture(root):
    return (root / "docs" / "architecture.md").read_text()


def folders_on_disk(root):
    for app in APPS:
        for path in [root / app, *(root / app).rglob("*")]:
            inside = set(path.relative_to(root).parts)
            if path.is_dir() and not inside & OF_DJANGO and any(path.glob("*.py")):
                yield f"{path.relative_to(root)}/"


def documents(root):
    return [path for pattern in WRITTEN for path in root.glob(pattern)]


def test_each_folder_has_one_line(root, architecture):
    lines = re.findall(rf"^\| `((?:{'|'.join(APPS)})/[\w/]*)` \|", architecture, re.MULTILINE)
    assert sorted(lines) == sorted(folders_on_disk(root))


@pytest.mark.parametrize("form", [PYTHON, FOLDER])
def test_each_file_and_folder_that_documents_name_exists(root, form):
    absent = {
        f"{page.relative_to(root)}: {name}"
        for page in documents(root)
        for name in IN_BACKTICKS.findall(page.read_text())
        if form.fullmatch(name) and name not in IF_EVER and not (root / name).exists()
    }
    assert sorted(absent) == []


def leads_somewhere(path):
    try:
        import_module(path)
    except ImportError:
        try:
            import_string(path)
        except ImportError:
            return False
    return True


def test_each_dotted_path_can_be_imported(root):
    astray = {
        f"{page.relative_to(root)}: {name}"
        for page in documents(root)
        for name in IN_BACKTICKS.findall(page.read_text())
        if DOTTED.fullmatch(name) and not PERMISSION.fullmatch(name)
        if not leads_somewhere(name)
    }
    assert sorted(astray) == []


def test_each_setting_that_documents_name_exists(root):
    found = {
        name
        for page in documents(root)
        for name in re.findall(r"`settings\.([A-Z_]+)`", page.read_text())
    }
    assert found
    assert [name for name in sorted(found) if not hasattr(settings, name)] == []


def test_each_link_between_documents_works(root):
    broken = {
        f"{page.relative_to(root)}: {target}"
        for page in documents(root)
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
        if not (page.parent / target).exists()
    }
    assert sorted(broken) == []


def test_each_page_that_the_code_names_exists(root):
    code = [path for app in (*APPS, "bench", "tests") for path in (root / app).rglob("*.py")]
    absent = {
        f"{path.relative_to(root)}: {name}"
        for path in code
        for name in re.findall(r"docs/[\w/-]+\.md", path.read_text())
        if not (root / name).exists()
    }
    assert sorted(absent) == []


def test_decision_records_are_numbered_without_gaps(root):
    names = sorted(path.name for path in (root / "docs" / "decisions").glob("*.md"))
    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]
