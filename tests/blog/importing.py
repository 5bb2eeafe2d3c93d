"""Helpers for import tests: a small old blog without comments."""

import io
import re

from django.apps import apps
from django.db import connection, transaction

from blog.import_loader.people import People
from blog.import_loader.pictures import Pictures
from blog.import_loader.posts import PostLoader
from blog.import_loader.report import Report
from blog.import_loader.spool import Spool
from blog.importers.records import Item
from blog.importers.survey import survey
from blog.importers.wxr import read_export
from tests.blog import wxr_samples
from tests.blog.wxr_samples import ADDRESS, export


def move_in(*parts, mapping=None, media=None, dry_run=False, **values):
    """Import the posts of an export with these parts; return the Report."""
    data = export(*parts, **values)
    report = Report()
    found = survey(io.BytesIO(data))
    report.take(found)
    people, pictures = (
        People(found, report, mapping),
        Pictures(media, found, report, dry_run),
    )
    with Spool() as spool:
        posts = PostLoader(found, people, pictures, report, spool)
        for item in read_export(io.BytesIO(data)):
            if isinstance(item, Item):
                posts.prepare(item)
        with transaction.atomic():
            posts.load()
            posts.finish()
            transaction.set_rollback(dry_run)
    return report


def post(*parts, creator="alice", link=None, guid="", terms=(), **values):
    """Return one item; ``terms`` are (taxonomy, slug, name)."""
    values = {"post_name": f"post-{values.get('post_id', 1)}"} | values
    link = f"{ADDRESS}/{values['post_name']}/" if link is None else link
    categories = (
        f'<category domain="{taxonomy}" nicename="{slug}"><![CDATA[{name}]]></category>'
        for taxonomy, slug, name in terms
    )
    text = wxr_samples.item(*categories, f"<guid>{guid}</guid>", *parts, **values)
    text = text.replace("<![CDATA[alice]]>", f"<![CDATA[{creator}]]>")
    return re.sub("<link>.*?</link>", lambda _match: f"<link>{link}</link>", text)


def author(login, email="", name="", number=0):
    return (
        "<wp:author>"
        + wxr_samples.fields(
            author_id=number, author_login=login, author_email=email, author_display_name=name
        )
        + "</wp:author>"
    )


def everything():
    """Return all rows of all tables, and the values of the key sequences."""
    rows = {}
    for model in apps.get_models(include_auto_created=True):
        manager = model._base_manager
        rows[model._meta.label] = sorted(manager.values_list(), key=repr)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, seq FROM sqlite_sequence ORDER BY name")
        else:
            cursor.execute("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1")
        rows["counters"] = cursor.fetchall()
    return rows
