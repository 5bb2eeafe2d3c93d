"""The statuses of a post, each with its label and the notice on the post's own page."""

from django.db import models
from django.utils.translation import gettext_lazy as _

NOT_YET = _("This post will be published on %(date)s. Readers can’t see it until then.")


class Status(models.TextChoices):
    """Each member has its code, a ``notice`` (shown while the post is not listed), and a label."""

    def __new__(cls, code, notice):
        status = str.__new__(cls, code)
        status._value_, status.notice = code, notice
        return status

    DRAFT = (
        "draft",
        _(
            "This is a draft. Only its author, the blog’s owner and people with a preview "
            "link can see it."
        ),
        _("draft"),
    )
    SCHEDULED = "scheduled", NOT_YET, _("scheduled")
    PUBLISHED = "published", NOT_YET, _("published")  # with a future date
    ARCHIVED = (
        "archived",
        _(
            "This post is archived. It can still be read at this URL, but isn’t included "
            "in lists, feeds or search."
        ),
        _("archived"),
    )
