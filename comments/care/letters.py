"""The mail that somebody should look: it says no more than that, whoever reads over a shoulder."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.letters import Letter, named
from comments.care.cases import CareCase


@named(_("call to look at a comment"))
def please_look(case, handed_to=None):
    """The mail. One of ``settings.MAILS``. ``handed_to``: only if the case is still hers (a key).

    Not wanted any more once a person has closed the case.
    """
    cases = CareCase.objects.open().filter(pk=case)
    if handed_to:
        cases = cases.filter(handed_to=handed_to)
    if not cases.exists():
        return None
    return Letter({"link": settings.SITE_URL + reverse("admin:index")}, discreet=True)
