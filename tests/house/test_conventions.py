"""House rules that a program can check: layers, migrations, file names, lock files."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.faults.postgres_server import OwnPostgres
from tests.faults.redis_server import OwnRedis

APPS = ("accounts", "blog", "comments", "config")
# Modules that turn a request into plain values. All others belong to the domain.
EDGE = {
    "adapter",
    "admin",
    "base_admin",
    "context_processors",
    "feed_base",
    "feeds",
    "forms",
    "post_form",
}
EDGE |= {"middleware", "reauthentication", "post_form", "sitemaps", "templatetags", "throttling"}
EDGE |= {"views"}
EDGES = ("_admin", "_views")  # and modules named like that: a part of the admin, or of the views
# The requesting person, from the request's cookies; and of the queue, beside its views, the pages
# show.
EDGE_FILES = {
    "comments/guests/session.py",
    "comments/queue/pages.py",
    "comments/queue/responses.py",
}
WORDLESS = {"utils", "helpers", "core", "common", "services"}


def test_imports_respect_the_layers(root):
    """In a process of its own: import-linter switches off all loggers that are there."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache", "--no-logo"], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def requests_seen_in(path):
    """Yield the names by which this file uses a request or a response."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module in {"django.http", "django.shortcuts"}:
            yield node.module
        elif isinstance(node, ast.arg) and node.arg == "request":
            yield node.arg


def test_domain_modules_never_see_a_request(root):
    seen = {
        str(path.relative_to(root)): names
        for app in APPS[:3]
        for path in (root / app).rglob("*.py")
        if not (EDGE & {path.stem, path.parent.name} or path.stem.endswith(EDGES))
        and str(path.relative_to(root)) not in EDGE_FILES
        and (names := [*requests_seen_in(path)])
    }
    assert seen == {}


def test_every_migration_is_made(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_module_names_are_words_of_the_domain(root):
    files = (path for app in APPS for path in (root / app).rglob("*.py"))
    assert [
        path for path in files if WORDLESS & set(path.relative_to(root).with_suffix("").parts)
    ] == []


def test_files_stay_short(root):
    files = (path for app in APPS for path in (root / app).rglob("*.py"))
    written = [path for path in files if path.parent.name != "migrations"]
    shown = (path for kind in ("css", "js") for path in (root / "static").rglob(f"*.{kind}"))
    long = [str(path) for path in [*written, *shown] if len(path.read_text().splitlines()) > 400]
    assert long == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_lock_files_have_hashes_and_no_url(root, name):
    lock = (root / name).read_text()
    assert "://" not in lock
    packages = re.split(r"\n(?=\w)", lock.strip())
    assert all("--hash=sha256:" in package for package in packages)


def test_each_dependency_is_explained_and_locked(root):
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    explained = (root / "docs" / "dependencies.md").read_text().lower()
    for lock, wanted in (
        ("requirements.txt", project["dependencies"]),
        ("requirements-dev.txt", project["optional-dependencies"]["dev"]),
    ):
        locked = (root / lock).read_text()
        for name in (re.match(r"[\w-]+", line)[0].lower() for line in wanted):
            assert re.search(rf"^{name}(\[\w+\])?==", locked, re.MULTILINE), name
            assert f"| {name} |" in explained, name


def defined_twice(text):
    """Names that a module defines again, at its top level or in a class: the first one is lost."""
    tree = ast.parse(text)
    for scope in (tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))):
        names = []
        for node in scope.body:
            if isinstance(node, ast.Assign):
                names += [target.id for target in node.targets if isinstance(target, ast.Name)]
            elif isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.decorator_list:
                names.append(node.name)
        yield from sorted({name for name in names if names.count(name) > 1} - {"_"})


def test_no_module_defines_a_name_twice(root):
    again = {
        f"{path.relative_to(root)}: {name}"
        for folder in (*APPS, "bench", "tests")
        for path in (root / folder).rglob("*.py")
        for name in defined_twice(path.read_text())
    }
    assert sorted(again) == []


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("A = 1\nB = 2\nA = 3", ["A"]),
        ("A = 1\nclass B:\n    A = 2", []),
        ("class B:\n    a = 1\n    def a(self): ...", ["a"]),
        ("_ = 1\n_ = 2\nx: int = 3", []),
    ],
)
def test_what_counts_as_defined_twice(code, names):
    assert list(defined_twice(code)) == names


def private_names(text):
    """Yield the private names that this test file uses from our modules or from other tests."""
    tree, modules = ast.parse(text), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names = [alias.name for alias in node.names]
            yield from (name for name in names if re.match("_[^_]", name))
            if (node.module or "").partition(".")[0] in APPS:
                modules |= {name for name in names if name.islower()}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
            if ast.unparse(node.value) in modules:
                yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            first, last = node.value.partition(".")[0], node.value.rpartition(".")[2]
            if first in APPS and last.startswith("_"):
                yield last


def test_tests_use_public_names_only(root):
    found = {
        str(path.relative_to(root)): names
        for path in (root / "tests").rglob("*.py")
        if re.search(r"[ .]_[a-z]", text := path.read_text()) and (names := [*private_names(text)])
    }
    assert found == {}


@pytest.mark.parametrize(
    "code",
    [
        "from comments.posting.create import _asked",
        "from comments import posting\nposting._asked()",
        "patch('comments.posting.create._asked')",
    ],
)
def test_what_counts_as_a_private_name(code):
    assert [*private_names(code)] == ["_asked"]


def test_names_of_tests_are_short(request):
    """Each process is sent all of them: one of 120 MB cost a run of all tests minutes."""
    long = [item.nodeid for item in request.session.items if len(item.nodeid) > 200]
    assert [name[:200] for name in long] == []


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail), ("", pytest.skip)])
@pytest.mark.parametrize("server", [OwnRedis, OwnPostgres])
def test_a_test_that_lacks_its_server_is_skipped_and_in_ci_fails(monkeypatch, server, ci, outcome):
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(outcome.Exception):
        server()
