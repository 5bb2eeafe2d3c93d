"""Why a comment waits for a moderator: one enum, with what its writer and moderators read."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class HoldReason(StrEnum):
    """Why a comment is pending: the stored code, and its wording for the writer and moderators.

    ``to_writer`` is a whole sentence for the comment's writer; ``to_moderators`` is a few words for
    cards, mails and the audit log. Each member needs both. Only the code is stored
    (``Comment.held_because``, and the verdict in the log), so that it can be shown in any language.
    """

    def __new__(cls, code, to_writer, to_moderators):
        if not (isinstance(to_writer, Promise) and isinstance(to_moderators, Promise)):
            raise TypeError(f"The reason {code!r} needs two sentences that can be translated.")
        member = str.__new__(cls, code)
        member._value_ = code
        member.to_writer, member.to_moderators = to_writer, to_moderators
        return member

    MODERATED = (
        "moderated",
        _("Every comment on this post is reviewed first."),
        _("every comment on this post is reviewed first"),
    )
    FIRST = (
        "first-comment",
        _("Comments are reviewed first until their writer is known here."),
        _("first comment"),
    )
    IMPORTED = (
        "imported",
        _("It was already waiting on the old blog."),
        _("already waiting on the old blog"),
    )
    EDITED = (
        "edited",
        _("You edited it, and edited comments are reviewed again."),
        _("edited after approval"),
    )
    # Held by a check alone. Which one, and why, only moderators see (comments.models.checks).
    CHECKS = (
        "checks",
        _("Now and then a comment is reviewed first, and this time it’s yours."),
        _("held by a check"),
    )
    # It has one of the care phrases; the writer is not told so.
    CARE = (
        "care",
        _("Someone here wants to read it first, as soon as they can."),
        _("care phrase"),
    )
    # The writer reads this too, so it must not say who reported it, or how many.
    REPORTED = (
        "reported",
        _("A moderator was asked to look at it again."),
        _("reported by readers"),
    )
    BY_PERSON = (
        "moderator",
        _("A moderator wants to look at it again."),
        _("held by a moderator"),
    )
    BREAK = (
        "break",
        _("You wrote it during this blog’s break, when every comment is reviewed first."),
        _("written while comments were paused"),
    )


def known(code: str) -> HoldReason | None:
    """Return the reason with this code; None for an unknown code, as of a custom check."""
    try:
        return HoldReason(code)
    except ValueError:
        return None


def to_writer(code: str) -> str:
    """Return why a comment is pending, as a sentence for its writer; "" for no code.

    ``code`` is a ``Comment.held_because``; one that is not :func:`known` is shown as it is.
    """
    if not code:
        return ""
    reason = known(code)
    if reason:
        return str(reason.to_writer)
    return gettext("It’s waiting for review (%(code)s).") % {"code": code}


def to_moderators(code: str) -> str:
    """Return why a comment is pending, in a few words for moderators; see :func:`to_writer`."""
    reason = known(code)
    return str(reason.to_moderators) if reason else code
