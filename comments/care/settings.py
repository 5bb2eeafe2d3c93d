"""What the owner decides about care: part of the conversation's own settings."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

# Long enough to look at a telephone once, short enough that an evening does not pass.
SECOND_AFTER = 30


class CareSettings(models.Model):
    """Whether words are looked for, what their writer is shown, and who is told after a while."""

    care_on = models.BooleanField(
        _("look for words of care"),
        default=False,
        help_text=_(
            "A comment in which one of the care phrases stands waits for a person, whoever wrote "
            "it, and its writer sees the text below at once. Readers can say that they are "
            "worried about somebody either way."
        ),
    )
    care_publishes = models.BooleanField(
        _("hold nothing back for it"),
        default=False,
        help_text=_(
            "Such a comment then appears as it would without the phrase, somebody is told all "
            "the same, and its writer sees the text."
        ),
    )
    care_help = models.TextField(
        _("help text"),
        blank=True,
        max_length=5000,
        help_text=_(
            "For somebody who may need help now, in the countries of your readers: who listens, "
            "at which hours, by telephone or in writing. Links, lists, **bold** and tel: links "
            "work as in comments. Have somebody who works in this field look at it."
        ),
    )
    care_second_contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("second contact"),
        help_text=_("Empty: everybody who moderates here and has not been told yet."),
    )
    care_second_after = models.PositiveSmallIntegerField(
        _("minutes until the second contact is told"),
        default=SECOND_AFTER,
        validators=[MinValueValidator(5), MaxValueValidator(24 * 60)],
        help_text=_("Counted from the first mail, as long as nobody has closed the case."),
    )
    care_blurred = models.BooleanField(
        _("blur the words in the queue"),
        default=True,
        help_text=_("Until somebody goes to them. Each moderator can choose otherwise."),
    )

    class Meta:
        abstract = True
