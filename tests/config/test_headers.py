"""Headers that every response carries."""

import pytest

ADDRESSES = ["/", "/account/login/", "/admin/login/", "/there-is-no-such-page/"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_carries_the_strict_policy(client, db, address):
    headers = client.get(address, follow=True).headers
    policy = dict(
        part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "Access-Control-Allow-Origin" not in headers
    assert "camera=()" in headers["Permissions-Policy"]


def test_the_admin_uses_the_accounts_sign_in_page(client, db):
    answer = client.get("/admin/login/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/login/")
