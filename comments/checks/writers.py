"""What the checks know of who writes."""

from django.utils.translation import gettext as _

from comments.findings import Found, Verdict


def banned(submission):
    """Hold what a banned writer sends: an account, or an address that is proved to be hers."""
    if submission.is_banned:
        return Found("banned", Verdict.HOLD, _("its writer is banned"))
    return None
