"""A guest's access to their own data, by a link mailed to their verified address.

The link goes only to addresses that were verified here before. Typing an address reveals nothing:
the page says the same, and does the same work, whether it is known or not. The link works for a
day and for one action.
"""

from datetime import timedelta

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts import rate_limit
from accounts.mail import links, outbox
from accounts.mail.compose import EmailContent, named
from accounts.models import Address
from accounts.privacy import archives, departure
from accounts.privacy.registry import DataSubject
from accounts.refusal import Refused
from accounts.text.email_normalization import strict_email_key

HOUR, DAY = 3600, 24 * 3600
ARCHIVE, STAY, DISOWN = "archive", "stay", "disown"
WAYS = (DISOWN, *departure.Kind.values)
# Requests from one network in an hour: enough for a family, not for trying a list of addresses.
FROM_A_NETWORK = 10
# Mails to one address in a day, so that nobody can flood a stranger's mailbox.
TO_AN_ADDRESS = 3


def seconds_to_wait(network: str) -> int:
    """Count one request; return the seconds until the network may make another, 0 if now.

    ``network`` is a :func:`accounts.rate_limit.network_key`.
    """
    return rate_limit.count(f"own things from {network}", HOUR, FROM_A_NETWORK)


def send_link(text: str) -> None:
    """Mail a link to the owner of an address, if it was ever verified here.

    Raises ValidationError for an invalid address. The same statements run for every valid one: an
    unknown address gets a row in the outbox that has no recipient and is dropped.
    """
    key = strict_email_key(text)
    counted = salted_hmac("accounts.privacy.guest_access", key, algorithm="sha256").hexdigest()
    often = rate_limit.count(f"own things to {counted}", DAY, TO_AN_ADDRESS)
    found = Address.objects.filter(key=key, verified_at__isnull=False).first()
    address = found if found and not often else None
    outbox.enqueue("own_things", address.email if address else "", address=address and address.pk)


@named(_("link to the data held about an address"))
def own_things(address: int | None) -> EmailContent | None:
    """Compose the mail with the link. One of ``settings.EMAILS``."""
    found = Address.objects.filter(pk=address, verified_at__isnull=False).first()
    if found is None:
        return None
    return EmailContent(
        {"link": links.make_link(GuestDataAction.name, address=found)}, discreet=True
    )


class GuestDataAction(links.ChoiceAction):
    """A guest's choice to export, disown or erase their data. One of ``settings.LINK_ACTIONS``."""

    name = "own-things"
    lifetime = timedelta(hours=24)
    title = _("Your private link")
    question = _("You’ll see what you can do. Looking changes nothing.")
    button = _("Show my choices")

    def works(self, link):
        return bool(link.address and link.address.verified_at)

    def look(self, link, sent):
        """Return the page with the choices, or the one that asks for confirmation.

        None once they have chosen an archive, or have confirmed how to leave.
        """
        subject, act = DataSubject.of_address(link.address), sent.get("act")
        erasure = departure.pending_request(subject)
        if act == ARCHIVE or (act == STAY and erasure):
            return None
        if act in WAYS and not erasure:
            page = links.LinkPage("accounts/privacy/guest_departure.html", {"way": act})
            return None if sent.get("sure") else page
        return _choices(subject)

    def act(self, link, sent):
        """Perform the choice; return the path of the archive's page, or a page that confirms it."""
        subject, act = DataSubject.of_address(link.address), sent["act"]
        if act == ARCHIVE:
            return archives.guest_page_path(archives.request_archive(address=link.address))
        try:
            erasure = _leave(subject, act)
        except Refused as refusal:  # another request was made at the same moment
            raise links.LinkNotUsed(_choices(subject)) from refusal
        return links.LinkPage(
            "accounts/privacy/guest_departure_done.html", {"way": act, "erasure": erasure}
        )


def _choices(subject):
    erasure = departure.pending_request(subject)
    told = [] if erasure else departure.describe(subject)
    return links.LinkPage("accounts/privacy/guest_data.html", {"erasure": erasure, "told": told})


def _leave(subject, act):
    """Leave in this way, or cancel that; return the new ``ErasureRequest``, or None."""
    if act == DISOWN:
        departure.disown(subject)
    elif act != STAY:
        return departure.request_erasure(subject, act)
    elif erasure := departure.pending_request(subject):
        departure.cancel(erasure.pk)
    return None
