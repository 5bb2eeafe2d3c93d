"""Well-known URLs such as security.txt and the favicon, and the order of the style sheets."""

import pytest

from config.files.storage import STYLES

ADDRESS = "/.well-known/security.txt"
# Linked by the admin alone.
# Style sheets that only the admin loads, page by page.
OF_THE_ADMIN = {"admin", "editor", "queue"}


def test_security_txt_names_the_contact(client, db, settings, time_machine):
    time_machine.move_to("2026-03-01T12:00:00Z")
    settings.SECURITY_CONTACT = ["mailto:security@example.org", "https://example.org/report"]
    settings.SITE_URL = "https://blog.example.org"
    answer = client.get(ADDRESS)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text == (
        "Contact: mailto:security@example.org\n"
        "Contact: https://example.org/report\n"
        "Expires: 2026-08-28T00:00:00Z\n"
        "Canonical: https://blog.example.org/.well-known/security.txt\n"
    )


def test_without_a_contact_there_is_no_security_txt(client, db, settings):
    settings.SECURITY_CONTACT = []
    assert client.get(ADDRESS).status_code == 404


@pytest.mark.parametrize("value", ["http://example.org", "nobody", "a@example.org,ftp://x"])
def test_an_unusable_contact_is_refused(hearth, value):
    done = hearth("manage.py", "check", SECURITY_CONTACT=value)
    assert done.returncode == 1
    assert "ImproperlyConfigured: SECURITY_CONTACT must be" in done.stderr


def test_browsers_find_the_favicon_at_its_default_address(client, db):
    answer = client.get("/favicon.ico", follow=True)
    assert answer.redirect_chain == [("/static/icon.svg", 302)]
    assert answer.headers["Content-Type"] == "image/svg+xml"


def test_every_style_sheet_has_its_place_in_the_order(root):
    folders = [
        path for path in (root / "static" / "css").iterdir() if path.name not in OF_THE_ADMIN
    ]
    there = {
        f"css/{folder.name}/{path.name}" for folder in folders for path in folder.glob("*.css")
    }
    assert set(STYLES) == there
    assert STYLES[0] == "css/base/tokens.css"
