"""The states a comment can be in. Only an approved one is visible."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.IntegerChoices):
    PENDING = 0, _("waiting")
    APPROVED = 1, _("approved")
    SPAM = 2, _("spam")
    REMOVED = 3, _("removed")
    WITHDRAWN = 4, _("withdrawn by its writer")
