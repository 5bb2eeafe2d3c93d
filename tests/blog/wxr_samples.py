"""Small handwritten WordPress exports (WXR)."""

import json
import os
from pathlib import Path

import pytest

VERSION = "1.2"
ADDRESS = "https://old.example.org"


def export(*parts, scheme="http", version=VERSION, encoding="UTF-8", address=ADDRESS, title="Old"):
    """Return the bytes of an export with ``parts`` in its channel."""
    wp = f"{scheme}://wordpress.org/export/{version}/"
    text = (
        f'<?xml version="1.0" encoding="{encoding}" ?>\n'
        f'<rss version="2.0" xmlns:excerpt="{wp}excerpt/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="{wp}">\n'
        f"<channel><title>{title}</title><link>{address}</link>"
        f"<wp:wxr_version>{version}</wp:wxr_version>"
        f"<wp:base_blog_url>{address}</wp:base_blog_url>\n"
        + "\n".join(parts)
        + "\n</channel></rss>\n"
    )
    return text.encode(encoding)


def fields(**values):
    """Return elements of WordPress' own namespace."""
    return "".join(f"<wp:{name}><![CDATA[{value}]]></wp:{name}>" for name, value in values.items())


def item(*parts, body="Hello", title="A post", **values):
    """Return one item; its fields can be changed by name."""
    known = {
        "post_id": 1,
        "post_date": "2014-03-01 11:00:00",
        "post_date_gmt": "2014-03-01 10:00:00",
        "comment_status": "open",
        "post_name": "a-post",
        "status": "publish",
        "post_parent": 0,
        "menu_order": 0,
        "post_type": "post",
        "post_password": "",
        "is_sticky": 0,
    } | values
    return (
        f"<item><title>{title}</title><link>{ADDRESS}/a-post/</link>"
        "<dc:creator><![CDATA[alice]]></dc:creator>"
        f"<content:encoded><![CDATA[{body}]]></content:encoded>"
        "<excerpt:encoded><![CDATA[]]></excerpt:encoded>"
        + fields(**{name: value for name, value in known.items() if value is not None})
        + "".join(parts)
        + "</item>"
    )


def comment(number, parent=0, **values):
    """Return one comment; its fields can be changed by name."""
    known = {
        "comment_id": number,
        "comment_author": "Bob",
        "comment_author_email": "bob@example.org",
        "comment_author_url": "",
        "comment_author_IP": "203.0.113.7",
        "comment_date": "2014-03-02 11:00:00",
        "comment_date_gmt": f"2014-03-02 10:{number % 60:02}:00",
        "comment_content": f"Comment {number}",
        "comment_approved": 1,
        "comment_type": "",
        "comment_parent": parent,
        "comment_user_id": 0,
    } | values
    return "<wp:comment>" + fields(**known) + "</wp:comment>"


def real_exports():
    """Return the folder of real exports beside the checkout; skip the test without it."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data" / "wordpress"
    folder = Path(os.environ.get("HEARTH_SAMPLES", beside))
    if not (folder / "expected.json").exists():
        pytest.skip("no real exports: set HEARTH_SAMPLES to the folder that has expected.json")
    return folder


def expected(name):
    """Return what is known to be in the real export ``name``."""
    return json.loads((real_exports() / "expected.json").read_text(encoding="utf-8"))[name]
