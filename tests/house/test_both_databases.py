"""Code that depends on the database is tested on SQLite and PostgreSQL: ``.ci/run``, its marker.

A test file that covers the queries of a module carries ``both_databases("its.module")``."""

import ast
import re

import pytest

APPS = ("accounts", "blog", "comments", "config")
METHODS = {"cursor", "execute", "extra", "raw", "select_for_update", "update_or_create"}
EXPRESSIONS = {
    "Aggregate", "Cast", "CheckConstraint", "Collate", "Func", "Greatest", "JSONField", "Least",
    "RawSQL", "UniqueConstraint", "Window",
}  # fmt: skip
FAMILIES = ("Extract", "Trunc", "Search", "Trigram", "Array", "Json", "JSON")
KEYWORDS = {"ignore_conflicts", "update_conflicts"}
LOOKUPS = {
    "contains", "date", "day", "hour", "icontains", "iendswith", "iexact", "iregex", "istartswith",
    "month", "regex", "search", "week", "week_day", "year",
}  # fmt: skip
# Most files hold none of these words; only the others are parsed.
MAY_STAND = re.compile(
    rf"\b({'|'.join(METHODS | EXPRESSIONS | KEYWORDS | {'vendor'})})\b"
    rf"|\b({'|'.join(FAMILIES)})|__({'|'.join(LOOKUPS)})\b"
)


def differing(text):
    """Return what SQLite and PostgreSQL may do in different ways in this code."""
    if not MAY_STAND.search(text):
        return set()
    tree = ast.parse(text)
    ours = set()  # names from django.db
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
            ("django.db", "django.contrib.postgres")
        ):
            ours |= {alias.asname or alias.name for alias in node.names}
    return {name for node in ast.walk(tree) for name in _names(node, ours)}


def _names(node, ours):
    if isinstance(node, ast.Attribute) and node.attr == "vendor":
        yield node.attr
    if not isinstance(node, ast.Call):
        return
    called = node.func
    if isinstance(called, ast.Attribute) and called.attr in METHODS:
        yield called.attr
    if isinstance(called, ast.Attribute) and ast.unparse(called.value) in ours:
        called = ast.Name(called.attr)
    elif not (isinstance(called, ast.Name) and called.id in ours):
        called = ast.Name("")
    if called.id in EXPRESSIONS or called.id.startswith(FAMILIES):
        yield called.id
    for keyword in node.keywords:
        before, _, lookup = (keyword.arg or "").rpartition("__")
        if keyword.arg in KEYWORDS or (before and lookup in LOOKUPS):
            yield keyword.arg


def named(root):
    """Return ``{module: test files}`` from the markers of all tests."""
    found = {}
    for path in (root / "tests").rglob("test_*.py"):
        if "both_databases(" not in (text := path.read_text()):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "both_databases":
                for argument in node.args:
                    found.setdefault(argument.value, []).append(path.name)
    return found


def modules(root):
    for app in APPS:
        for path in (root / app).rglob("*.py"):
            if path.parent.name != "migrations":
                yield ".".join(path.relative_to(root).with_suffix("").parts), path


def test_database_specific_queries_are_tested_on_both(root):
    names = named(root)
    untested = {
        module: found
        for module, path in modules(root)
        if (found := differing(path.read_text()))
        and not any(f"{module}.".startswith(f"{name}.") for name in names)
    }
    assert untested == {}, 'name them in a mark of their tests: both_databases("the.module")'


def test_a_marker_names_existing_modules(root):
    places = {name for module, _ in modules(root) for name in (module, module.rpartition(".")[0])}
    assert {name: files for name, files in named(root).items() if name not in places} == {}


def test_a_test_that_asks_which_database_it_is_runs_on_both(root):
    files = [*(root / "tests").rglob("test_*.py")]
    asking = [path for path in files if "connection.vendor" in path.read_text()]
    assert [path.name for path in asking if "both_databases" not in path.read_text()] == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("rows.select_for_update()", {"select_for_update"}),
        ("from django.db.models import F, Func\nFunc(F('a'))", {"Func"}),
        ("from django.db import models\nmodels.JSONField()", {"JSONField"}),
        ("from django.db.models.functions import TruncDate\nTruncDate('a')", {"TruncDate"}),
        ("rows.filter(name__iexact='Ana')", {"name__iexact"}),
        ("rows.bulk_create(new, ignore_conflicts=True)", {"ignore_conflicts"}),
        ("if connection.vendor == 'sqlite': pass", {"vendor"}),
        ("from elsewhere import Window\nWindow(1)\nrows.filter(name='Ana')", set()),
    ],
)
def test_what_counts_as_a_database_specific_query(code, found):
    assert differing(code) == found
