"""Import of categories and tags, both as tags."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from accounts.text.folding import caseless
from blog.import_loader.report import Report
from blog.importers.records import Term
from blog.models import Tag
from blog.permalinks import slug_of

MAX_NAME, MAX_SLUG = 100, 190


class Tags:
    """The tags of this blog by name and slug; missing ones are created on demand."""

    def __init__(self, report: Report) -> None:
        self._report = report
        tags = list(Tag.objects.all())
        self._by_name = {caseless(tag.name): tag for tag in tags}
        self._by_slug = {tag.slug: tag for tag in tags}
        self._met = set()

    def of(self, terms: Iterable[Term]) -> list[Tag]:
        """Return the tags for these terms, without duplicates, matched by name or slug."""
        return list({tag.pk: tag for tag in map(self._tag, terms)}.values())

    def _tag(self, term):
        name = " ".join(term.name.split())[:MAX_NAME]
        slug = slug_of(term.slug or name)[:MAX_SLUG].strip("-_")
        tag = self._by_name.get(caseless(name)) or (slug and self._by_slug.get(slug))
        if tag and tag.pk not in self._met:
            self._report.count("tags", "here")
        if not tag:
            tag = self._make(name, slug or "tag")
        if tag.pk not in self._met:
            self._report.count("tags", "found")
        self._met.add(tag.pk)
        return tag

    def _make(self, name, slug):
        free, number = slug, 2
        while free in self._by_slug:  # only for names that have no slug of their own
            free, number = f"{slug}-{number}", number + 1
        [tag] = Tag.objects.bulk_create([Tag(name=name, slug=free)])
        self._by_name[caseless(name)] = self._by_slug[free] = tag
        self._report.count("tags", "new")
        if len(name) == MAX_NAME:
            self._report.problem(_("Tags whose names may have been shortened"), name)
        return tag
