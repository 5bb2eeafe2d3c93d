"""In Chromium: the button of a mailed link works under the strictest referrer policy."""

from accounts.mail import address_proofs, links
from accounts.models import Address


def test_an_address_is_confirmed_with_one_press(page, transactional_db):
    address = address_proofs.get_or_create_address("ada@example.org")
    path = links.make_link("prove", address=address).removeprefix("http://localhost")
    tab = page(path, javascript=False, width=360)
    assert tab.get_by_role("button").count() == 1
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    with tab.expect_request("**/m/**") as pressed:
        tab.get_by_role("button", name="Confirm").click()
    headers = pressed.value.all_headers()
    # Django's CSRF check would refuse this, which is why the view is exempt.
    assert headers["origin"] == "null"
    assert "referer" not in headers
    tab.get_by_role("heading", name="Your email address is confirmed").wait_for()
    assert Address.objects.get().verified_at
    assert tab.context.cookies() == []
    tab.goto(path)
    tab.get_by_role("heading", name="This link no longer works").wait_for()
