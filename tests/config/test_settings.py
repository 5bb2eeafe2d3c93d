"""Settings as derived from the environment, each in a process of its own."""

import ast
import json
import re

import pytest

from tests import settings as test_settings

PRINT = """
import json
from django.conf import settings
wanted = {names!r}
print(json.dumps({{name: getattr(settings, name) for name in wanted}}, default=str))
"""


@pytest.fixture
def settings_for(hearth):
    """A function that returns the named settings under an environment."""

    def read(*names, **environment):
        environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
        done = hearth("-c", PRINT.format(names=names), **environment)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return read


def test_with_nothing_set_it_is_local_development_on_sqlite(settings_for):
    found = settings_for("DEBUG", "SITE_URL", "ALLOWED_HOSTS", "DATABASES", "SESSION_ENGINE")
    assert found["DEBUG"] is True
    assert found["SITE_URL"] == "http://127.0.0.1:8000"
    assert {"localhost", "127.0.0.1", "[::1]", "testserver"} <= set(found["ALLOWED_HOSTS"])
    options = found["DATABASES"]["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]
    assert found["SESSION_ENGINE"].endswith("backends.db")


def test_no_other_user_of_the_machine_reads_a_new_data_folder(settings_for, tmp_path):
    new = tmp_path / "data"
    settings_for("DATA_DIR", DATA_DIR=new)
    assert new.stat().st_mode & 0o077 == 0


def test_hosts_cookies_and_hsts_follow_from_the_site_url(settings_for):
    found = settings_for(
        "ALLOWED_HOSTS",
        "CSRF_TRUSTED_ORIGINS",
        "SESSION_COOKIE_SECURE",
        "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_SECURE",
        "CSRF_COOKIE_NAME",
        "SECURE_HSTS_SECONDS",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_INCLUDE_SUBDOMAINS",
        DEBUG="off",
        SITE_URL="https://blog.example.org/",
    )
    assert found["ALLOWED_HOSTS"] == ["blog.example.org"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://blog.example.org"]
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is True
    assert found["SESSION_COOKIE_NAME"] == "__Host-sessionid"
    assert found["CSRF_COOKIE_NAME"] == "__Host-csrftoken"
    assert found["SECURE_HSTS_SECONDS"] == 365 * 24 * 60 * 60
    assert found["SECURE_SSL_REDIRECT"] is True
    assert found["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is False


def test_on_localhost_production_goes_without_https(settings_for):
    found = settings_for(
        "SESSION_COOKIE_SECURE",
        "SESSION_COOKIE_NAME",
        "SECURE_SSL_REDIRECT",
        "ALLOWED_HOSTS",
        DEBUG="off",
        SITE_URL="http://[::1]:8000",
    )
    assert found["SESSION_COOKIE_SECURE"] is found["SECURE_SSL_REDIRECT"] is False
    assert found["SESSION_COOKIE_NAME"] == "sessionid"  # the prefix needs https
    assert found["ALLOWED_HOSTS"] == ["[::1]"]


def test_a_forwarded_scheme_is_believed_only_behind_a_trusted_proxy(settings_for):
    assert settings_for("SECURE_PROXY_SSL_HEADER")["SECURE_PROXY_SSL_HEADER"] is None
    found = settings_for("SECURE_PROXY_SSL_HEADER", TRUSTED_PROXIES="127.0.0.1")
    assert found["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_postgresql_and_redis_are_set_by_their_urls(settings_for):
    found = settings_for(
        "DATABASES",
        "CACHES",
        "SESSION_ENGINE",
        DATABASE_URL="postgres://hearth:word@db.example.org:5433/blog",
        CACHE_URL="redis://cache.example.org/1",
    )
    database = found["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == (
        "db.example.org",
        5433,
        "blog",
    )
    assert database["CONN_HEALTH_CHECKS"] is True
    assert found["CACHES"]["pages"]["BACKEND"].endswith("RedisCache")
    # What protects, and who is signed in, is not in what may lose anything.
    assert found["CACHES"]["default"]["BACKEND"].endswith("PostgreSQLDurableCache")
    assert found["SESSION_ENGINE"].endswith("backends.db")


def test_on_sqlite_limits_have_a_file_of_their_own(settings_for, tmp_path):
    found = settings_for("CACHES", "DATABASES", DATA_DIR=tmp_path)
    assert found["CACHES"]["default"]["LOCATION"] == str(tmp_path / "limits.sqlite3")
    assert found["CACHES"]["pages"]["BACKEND"].endswith("LocMemCache")
    assert found["DATABASES"]["default"]["NAME"] == str(tmp_path / "hearth.sqlite3")


def test_a_relative_sqlite_path_does_not_depend_on_the_working_directory(settings_for, root):
    found = settings_for("DATABASES", DATABASE_URL="sqlite:///var/other.sqlite3")
    assert found["DATABASES"]["default"]["NAME"] == str(root / "var" / "other.sqlite3")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_URL", "blog.example.org"),
        ("SITE_URL", "https://blog.example.org/path"),
        ("SITE_URL", "ftp://blog.example.org"),
        ("CACHE_URL", "memcached://127.0.0.1"),
        ("DATABASE_URL", "mysql://127.0.0.1/blog"),
        ("DEBUG", "perhaps"),
        ("PORT", "http"),
    ],
)
def test_an_invalid_value_is_refused_with_the_name_of_the_variable(hearth, name, value):
    done = hearth("manage.py", "check", **{name: value})
    assert done.returncode != 0
    assert f"ImproperlyConfigured: {name}" in done.stderr


def names_read(root):
    """Return the variables that config/settings.py reads, each with whether it is a secret."""
    tree = ast.parse((root / "config" / "settings.py").read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner, kind = getattr(node.func.value, "id", ""), node.func.attr
            if owner == "env" and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value, kind == "secret"


def test_every_variable_is_explained_in_the_example_file(root):
    example = (root / ".env.example").read_text()
    explained = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    assert {name for name, _ in names_read(root)} - explained == {"ENV_FILE"}


def test_no_variable_of_the_shell_reaches_the_tests(root):
    kept_out = {*test_settings.UNSET.split(), *test_settings.OWN, "DATABASE_URL", "CACHE_URL"}
    read = {name for name, _ in names_read(root)}
    read |= {f"{name}_FILE" for name, secret in names_read(root) if secret}
    # A key that the tests give cannot come from a file as well: both set is refused.
    assert read <= kept_out
