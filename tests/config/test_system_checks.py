"""System checks: unsafe settings are found, named, and keep production from starting."""

import pytest
from django.core.checks import run_checks

from config.checks import LOCAL_CACHE


@pytest.fixture
def production(settings):
    """Sound production settings, on SQLite."""
    settings.DEBUG = False
    settings.SITE_URL = "https://blog.example.org"
    settings.SECRET_KEY_GENERATED = False
    settings.TRUSTED_PROXIES = ["127.0.0.1", "10.0.0.0/8", "::1"]
    settings.EMAIL_HOST = "mail.example.org"
    settings.SQLITE = True
    settings.CACHES = {"pages": {"BACKEND": LOCAL_CACHE}}
    return settings


def found(databases=None):
    return [issue.id for issue in run_checks(tags=["hearth"], databases=databases)]


def test_sound_production_settings_pass(production, db):
    assert found(["default"]) == []


def test_production_needs_a_site_url(production):
    production.SITE_URL = ""
    assert found() == ["hearth.E001"]


@pytest.mark.parametrize(
    ("url", "issues"),
    [
        ("http://blog.example.org", ["hearth.E002"]),
        ("http://localhost.example.org", ["hearth.E002"]),
        ("http://localhost:8000", []),
        ("http://127.0.0.1:8000", []),
        ("http://[::1]", []),
    ],
)
def test_only_localhost_works_without_https(production, url, issues):
    production.SITE_URL = url
    assert found() == issues


def test_a_generated_secret_key_is_allowed_on_sqlite_only(production):
    production.SECRET_KEY_GENERATED = True
    assert found() == []
    production.SQLITE = False
    assert "hearth.E003" in found()


def test_active_demo_logins_are_found(production, person):
    demo = person("ada", source="demo", source_id="ada")
    assert found(["default"]) == ["hearth.E004"]
    assert found() == []
    demo.is_active = False
    demo.save()
    assert found(["default"]) == []


def test_a_real_account_with_a_demo_name_is_no_demo_login(production, bob, alice):
    assert found(["default"]) == []


def test_debug_is_allowed_on_localhost_only(production):
    production.DEBUG = True
    assert found() == ["hearth.E005"]
    production.SITE_URL = "http://127.0.0.1:8000"
    assert found() == []


@pytest.mark.parametrize("entry", ["*", "0.0.0.0/0", "::/0", "nginx", "10.0.0.1/8", "300.1.1.1"])
def test_a_trusted_proxy_is_an_address_or_a_network(production, entry):
    production.TRUSTED_PROXIES = ["127.0.0.1", entry]
    assert found() == ["hearth.E006"]


def test_a_local_memory_cache_with_postgresql_is_a_warning(production):
    production.SQLITE = False
    assert found() == ["hearth.W001"]


def test_mail_that_cannot_leave_is_a_warning(production):
    production.EMAIL_HOST = ""
    assert found() == ["hearth.W002"]


def test_each_message_says_what_to_do(production):
    production.SITE_URL = production.EMAIL_HOST = ""
    production.TRUSTED_PROXIES = ["*"]
    assert all(issue.hint for issue in run_checks(tags=["hearth"]))


SOUND = {"DEBUG": "off", "SITE_URL": "https://blog.example.org"}


def test_the_server_starts_when_all_checks_pass(hearth, data_folder):
    done = hearth("-c", "import config.wsgi", **SOUND, DATA_DIR=data_folder)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_server_says_why_it_refuses_to_start(hearth):
    done = hearth("-c", "import config.wsgi", DEBUG="off", TRUSTED_PROXIES="*")
    assert done.returncode == 1
    assert "hearth.E001: SITE_URL is not set. Set it to" in done.stderr
    assert "hearth.E006" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_server_does_not_start_with_a_demo_login(hearth, data_folder):
    make = (
        "from accounts.models.user import User; User.objects.create(username='ada', source='demo')"
    )
    made = hearth("manage.py", "shell", "-v0", "-c", make, DATA_DIR=data_folder)
    assert made.returncode == 0
    done = hearth("-c", "import config.wsgi", **SOUND, DATA_DIR=data_folder)
    assert done.returncode == 1
    assert "hearth.E004" in done.stderr


@pytest.mark.parametrize(
    ("setting", "path"),
    [
        ("DUE_WORK", "accounts.roles"),
        ("DUE_WORK", "accounts.unheard_of"),
        ("COMMENT_CHECKS", "comments.spam.text_checks"),
        ("COMMENT_CHECKS", "comments.spam.text_checks.unheard_of"),
        ("EMAILS", "accounts.mail.address_proofs"),
        ("EMAILS", "accounts.mail.address_proofs.unheard_of"),
        ("LINK_ACTIONS", "accounts.mail.address_proofs.proof"),
        ("LINK_ACTIONS", "nowhere"),
    ],
)
def test_a_dotted_path_in_a_setting_has_to_lead_to_the_right_kind_of_object(
    production, setting, path
):
    setattr(production, setting, [*getattr(production, setting), path])
    assert found() == ["hearth.E007"]


@pytest.mark.parametrize("setting", ["EMAILS", "LINK_ACTIONS"])
def test_two_mails_or_links_cannot_share_a_name(production, setting):
    setattr(production, setting, getattr(production, setting) * 2)
    assert set(found()) == {"hearth.E008"}
