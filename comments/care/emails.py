"""The mail that asks a moderator to look at a comment now. It says nothing about it."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.mail.compose import EmailContent, named
from comments.models import CareCase


@named(_("alert about a comment in Care"))
def please_look(case: int, handed_to: int | None = None) -> EmailContent | None:
    """Render the alert. One of ``settings.EMAILS``; not sent once the case is closed.

    ``handed_to``: only if the case is still with the account of this key.
    """
    cases = CareCase.objects.open().filter(pk=case)
    if handed_to:
        cases = cases.filter(handed_to=handed_to)
    if not cases.exists():
        return None
    return EmailContent({"link": settings.SITE_URL + reverse("admin:index")}, discreet=True)
