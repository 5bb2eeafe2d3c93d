"""The documentation agrees with the code: every file, folder and page it names exists."""

import re
import tomllib
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
NAME = re.compile(r"[A-Za-z_]\w*")
CALLED = re.compile(r"[A-Za-z_][\w.]*(?:\(.*\))?")
# Names that belong to Django, to PostgreSQL or to a proxy, and what a test database is called.
OF_OTHERS = set(
    "AdminSite CONN_MAX_AGE max_connections pg_current_snapshot pg_current_wal_insert_lsn pg_dump "
    "proxy_cache test_hearth".split()
)
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


def test_the_layers_are_those_that_are_enforced(root, architecture):
    """The second diagram is the contract of import-linter inside comments, line by line."""
    linter = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["importlinter"]
    [layers] = [each["layers"] for each in linter["contracts"] if each["name"] == "inside comments"]
    diagram = re.findall("```mermaid\n(.*?)```", architecture, re.DOTALL)[1]
    assert re.findall('"(.*?)"', diagram) == [line.replace(" | ", " · ") for line in layers]
    arrows = re.findall(r"(\w)(?:\[.*?\])? --> (\w)", diagram)
    assert [one for one, _other in arrows[1:]] == [other for _one, other in arrows[:-1]]


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


def code_of(root):
    """The words of everything that is not prose."""
    kinds = {".py", ".html", ".js", ".css", ".toml", ".txt"}
    folders = [root / name for name in (*APPS, "bench", "static", "templates", "tests")]
    files = [root / "pyproject.toml", root / "Makefile", *root.glob(".ci/*")]
    files += [path for each in folders for path in each.rglob("*") if path.suffix in kinds]
    return {word for path in files for word in NAME.findall(f"{path.stem} {path.read_text()}")}


def names_in(text):
    """What a page puts in backticks, or shows as Python, that can only be a name of the code."""
    shown = re.findall(r"^```python$.*?^```$", text, re.MULTILINE | re.DOTALL)
    called = (name for name in IN_BACKTICKS.findall(text) if CALLED.fullmatch(name))
    for name in NAME.findall(" ".join([*shown, *called])):
        if "_" in name or re.search("[a-z][A-Z]", name):
            yield name


def test_each_name_that_documents_show_is_in_the_code(root):
    code = code_of(root) | OF_OTHERS
    absent = {
        f"{page.relative_to(root)}: {name}"
        for page in documents(root)
        if "benchmarks" not in page.parts
        for name in names_in(page.read_text())
        if name not in code
    }
    assert sorted(absent) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("`fan_out`, `Post.takes_activity` and `decide(key, mails_due_at=due)`",
         ["fan_out", "takes_activity", "mails_due_at"]),
        ("```python\nask(not_given=1)\n```", ["not_given"]),
        ("`make run`, `docs/mail.md`, not_code", []),
    ],
)  # fmt: skip
def test_what_counts_as_a_name_of_the_code(text, names):
    assert list(names_in(text)) == names


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
