"""Helpers that run the import command and read the imported conversations from the pages."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.blog.wxr_samples import comment, export, item
from tests.comments.http import parents, soup


def move(path, *options):
    """Run the command; return its report as data."""
    out = StringIO()
    call_command("import_wordpress", str(path), "--json", *options, stdout=out, stderr=StringIO())
    return json.loads(out.getvalue())


def refusal(path, *options):
    """Run the command, which has to refuse with exit status 1; return its sentence."""
    with pytest.raises(CommandError) as refused:
        call_command("import_wordpress", str(path), *options, stdout=StringIO())
    assert refused.value.returncode == 1
    return str(refused.value)


def blog(folder, *comments, name="export.xml", **values):
    """Write an export of one post with these comments; return its path."""
    known = {"post_id": 1} | {k: values.pop(k) for k in list(values) if k not in WHOLE}
    path = folder / name
    path.write_bytes(export(item(*comments, **known), **values))
    return path


WHOLE = {"address", "encoding", "scheme", "version"}


def says(number, parent=0, **values):
    """Return one comment of an export."""
    return comment(number, parent, **values)


def on_pages(client, post):
    """Return ``{key: key of its parent or None}`` of all visible comments, from all pages."""
    found, waiting = {}, [post.get_absolute_url()]
    while waiting:
        page = soup(client.get(waiting.pop()))
        found |= parents(page)
        waiting += [link["href"] for link in page.select("a.more")]
        waiting += [link["href"].partition("#")[0] for link in page.select("a[rel~=next]")]
    return found
