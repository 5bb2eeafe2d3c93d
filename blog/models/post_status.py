"""The statuses of a post, and what each means for those who may read it."""

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

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
    TRASH = (
        "trash",
        _("This post is in the trash. It can be restored until it’s deleted for good."),
        _("in the trash"),
    )


class Visibility:
    """Who may read a post, by its status and date. Mixed into ``Post``."""

    # What a status means for readers; used only here and in ``PostQuerySet``.
    APPEARS_BY_DATE = (Status.SCHEDULED, Status.PUBLISHED)  # in lists, from its date on
    OUT_OF_LISTS = (Status.ARCHIVED,)  # its address answers all the same
    AT_REST = (Status.ARCHIVED, Status.TRASH)  # read-only: no replies, reactions or emails

    @property
    def is_listed(self) -> bool:
        """Whether lists show it: the rule of :meth:`.PostQuerySet.published` for this row."""
        return self._was_listed(self.status, self.published_at)

    @property
    def is_to_come(self) -> bool:
        """Whether its date is still to come: the rule of :meth:`.PostQuerySet.to_come`."""
        return self.appears_by_date and self.published_at > timezone.now()

    @property
    def appears_by_date(self) -> bool:
        """Whether only its date decides if lists show it: it is scheduled or published."""
        return self.status in self.APPEARS_BY_DATE and self.published_at is not None

    @property
    def is_public(self) -> bool:
        """Whether anybody may read it: the rule of :meth:`.PostQuerySet.public`."""
        return self.is_listed or self.status in self.OUT_OF_LISTS

    @property
    def has_been_public(self) -> bool:
        """Whether anybody could read it at some time, as far as it is stored."""
        stored = getattr(self, "_stored", {})
        status, date = stored.get("status"), stored.get("published_at")
        return self.was_public or status in self.OUT_OF_LISTS or self._was_listed(status, date)

    def _was_listed(self, status, date):
        return status in self.APPEARS_BY_DATE and date is not None and date <= timezone.now()

    @property
    def is_draft(self) -> bool:
        """Whether it is a draft: the rule of :meth:`.PostQuerySet.drafts`."""
        return self.status == Status.DRAFT

    @property
    def is_in_trash(self) -> bool:
        """Whether it was deleted, and nobody sees it outside the trash."""
        return self.status == Status.TRASH

    @property
    def takes_activity(self) -> bool:
        """Whether there may be new comments, reactions and emails."""
        return self.status not in self.AT_REST

    def is_visible_to(self, viewer: User | AnonymousUser | None = None) -> bool:
        """Return whether this user may read it: the rule of :meth:`.PostQuerySet.visible_to`."""
        viewer = viewer or AnonymousUser()
        is_theirs = viewer.is_superuser or viewer.pk == self.author_id
        return self.is_public or (is_theirs and not self.is_in_trash)

    @property
    def status_notice(self) -> str:
        """The notice on its page while it is not in the lists, or ""."""
        if self.is_listed:
            return ""
        date = self.published_at and formats.date_format(
            timezone.localtime(self.published_at), "DATETIME_FORMAT"
        )
        return Status(self.status).notice % {"date": date}
