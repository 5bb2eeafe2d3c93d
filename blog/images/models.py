"""The library of pictures: each with what it shows, in words, or marked as decoration."""

from functools import cached_property

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.images import files

FOLDER = "pictures"
# The column of a post in CSS pixels at its widest (545), and the whole screen below that.
SHOWN_AT = "(min-width: 37rem) 35rem, 100vw"
MAX_ALT = 1000  # characters; a picture that needs more is better told in the text


class ImageQuerySet(models.QuerySet):
    """Who finds which picture is decided here alone."""

    def visible_to(self, viewer):
        """What this person may choose from: her own, and those an import brought along."""
        if viewer.is_superuser:
            return self
        return self.filter(Q(uploaded_by=viewer) | Q(uploaded_by=None))


class Image(models.Model):
    """A picture as it is stored; several people may each have it in their library."""

    file = models.CharField(max_length=200, editable=False)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    title = models.CharField(
        _("title"), max_length=200, blank=True, help_text=_("For finding it again; not shown.")
    )
    alt = models.CharField(
        _("what it shows"),
        max_length=MAX_ALT,
        blank=True,
        help_text=_(
            "For people who cannot see it: one or two sentences, as you would tell a friend."
        ),
    )
    decorative = models.BooleanField(
        _("decoration"),
        default=False,
        help_text=_("It says nothing that the text does not say. Nobody is told that it is there."),
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="pictures",
        verbose_name=_("uploaded by"),
    )
    created_at = models.DateTimeField(_("uploaded at"), default=timezone.now, editable=False)

    objects = ImageQuerySet.as_manager()
    shown_at = SHOWN_AT

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["file", "uploaded_by"], name="blog_image_once_each"),
            models.CheckConstraint(
                condition=Q(decorative=False) | Q(alt=""), name="blog_image_decoration_is_silent"
            ),
        ]
        indexes = [models.Index(fields=["-created_at"], name="blog_image_newest")]

    def __str__(self):
        return self.title or self.alt[:80] or self.file.rpartition("/")[2]

    def clean(self):
        if self.decorative:
            self.alt = ""

    @classmethod
    def keep(cls, file, person, title=""):
        """Store the picture in ``file`` for a person (or None); return its row, an old one too.

        Raises Refused.
        """
        from blog.images import processing  # and with it Pillow, which nobody needs for reading

        drawn = processing.drawn(file)
        name = default_storage.save(f"{FOLDER}/{drawn.name}", drawn)
        if not cls.objects.filter(file=name).exists():
            processing.draw_sizes(name, drawn.width)
        row, _made = cls.objects.get_or_create(
            file=name,
            uploaded_by=person,
            defaults={"width": drawn.width, "height": drawn.height, "title": title[:200]},
        )
        return row

    def delete(self, *args, **kwargs):
        """Delete the row, and its files when nobody else has them in a library."""
        gone = super().delete(*args, **kwargs)
        if not Image.objects.filter(file=self.file).exists():
            transaction.on_commit(lambda: files.remove(self.file, self.width))
        return gone

    delete.alters_data = True

    @property
    def url(self):
        """Where it is served in the largest size kept."""
        return default_storage.url(self.file)

    @cached_property
    def sizes(self):
        """Where the smaller ones are served: ``{kind: {width in pixels: address}}``."""
        return {
            kind: {width: default_storage.url(name) for width, name in found.items()}
            for kind, found in files.sizes(self.file, self.width).items()
        }

    @property
    def srcsets(self):
        """The smaller ones as browsers choose from them (HTML, ``srcset``): ``{kind: text}``."""
        return {
            kind: ", ".join(f"{address} {size}w" for size, address in found.items())
            for kind, found in self.sizes.items()
        }

    @property
    def thumbnail(self):
        """The address of the smallest one."""
        return next(iter(self.sizes["WEBP"].values()))

    @property
    def stem(self):
        """What every address of its files has in it, and no other's."""
        return self.file.rpartition(".")[0]


class PendingLeadImage(models.Model):
    """The lead image that an imported post is to have: ``blog.publishing.image_adoption`` puts it
    there.
    """

    post = models.OneToOneField("blog.Post", models.CASCADE, related_name="lead_to_adopt")
    file = models.CharField(max_length=200)
    alt = models.CharField(max_length=MAX_ALT, blank=True)

    def __str__(self):
        return f"lead image of {self.post_id}"
