"""The image library: each image has a description, or is marked as decorative."""

from functools import cached_property
from typing import Self

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from blog.images import drawing_queue, files

FOLDER = "pictures"
# The ``sizes`` attribute: the column of a post is at most 545 CSS pixels wide.
SHOWN_AT = "(min-width: 37rem) 35rem, 100vw"
MAX_ALT = 1000  # characters; a longer description belongs in the text


class ImageQuerySet(models.QuerySet):
    """Images, and the only rule for who may use which."""

    def visible_to(self, viewer: User) -> Self:
        """Images that this person may use: their own and imported ones; for owners, all."""
        if viewer.is_superuser:
            return self
        return self.filter(Q(uploaded_by=viewer) | Q(uploaded_by=None))


class Image(models.Model):
    """An image in a person's library; several people may each have a row for the same file."""

    file = models.CharField(max_length=200, editable=False)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    title = models.CharField(
        _("title"),
        max_length=200,
        blank=True,
        help_text=_("Helps you find it again. Not shown to readers."),
    )
    alt = models.CharField(
        _("description (alt text)"),
        max_length=MAX_ALT,
        blank=True,
        help_text=_(
            "For people who can’t see it: a sentence or two, as you’d describe it to a friend."
        ),
    )
    decorative = models.BooleanField(
        _("decorative"),
        default=False,
        help_text=_("It adds nothing to the text. Screen readers won’t mention it."),
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
        verbose_name = _("image")
        verbose_name_plural = _("images")
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
    def keep(cls, file: File, person: User | None, title: str = "") -> Self:
        """Store an uploaded image for a person (None: imported); return its new or existing row.

        Waits for its turn among all pictures that are drawn on this machine. Raises Refused, and
        Busy if the turn does not come.
        """
        from blog.images import processing  # imports Pillow, which reading pages does not need

        with drawing_queue.turn():
            drawn = processing.drawn(file)
            smaller = processing.smaller(drawn)
        # Others draw meanwhile: a bucket may take seconds.
        name = default_storage.save(f"{FOLDER}/{drawn.name}", drawn)
        if not cls.objects.filter(file=name).exists():
            files.store_sizes(name, drawn.width, smaller)
        row, _made = cls.objects.get_or_create(
            file=name,
            uploaded_by=person,
            defaults={"width": drawn.width, "height": drawn.height, "title": title[:200]},
        )
        return row

    def delete(self, *args, **kwargs):
        """Delete the row, and its files unless another row uses them."""
        gone = super().delete(*args, **kwargs)
        if not Image.objects.filter(file=self.file).exists():
            transaction.on_commit(lambda: files.remove(self.file, self.width))
        return gone

    delete.alters_data = True

    @property
    def url(self) -> str:
        """The address of the largest size."""
        return default_storage.url(self.file)

    @cached_property
    def sizes(self) -> dict[str, dict[int, str]]:
        """The addresses of the renditions: ``{kind: {width in pixels: address}}``."""
        return {
            kind: {width: default_storage.url(name) for width, name in names.items()}
            for kind, names in files.sizes(self.file, self.width).items()
        }

    @property
    def srcsets(self) -> dict[str, str]:
        """The ``srcset`` attribute of each kind: ``{kind: text}``."""
        return {
            kind: ", ".join(f"{address} {size}w" for size, address in addresses.items())
            for kind, addresses in self.sizes.items()
        }

    @property
    def thumbnail(self) -> str:
        """The address of the smallest rendition."""
        return next(iter(self.sizes["WEBP"].values()))

    @property
    def stem(self) -> str:
        """The file name without its ending: part of every address of this image, and unique."""
        return self.file.rpartition(".")[0]


class PendingLeadImage(models.Model):
    """The lead image of an imported post, until ``blog.publishing.image_adoption`` sets it."""

    post = models.OneToOneField("blog.Post", models.CASCADE, related_name="lead_to_adopt")
    file = models.CharField(max_length=200)
    alt = models.CharField(max_length=MAX_ALT, blank=True)

    def __str__(self):
        return f"lead image of {self.post_id}"
