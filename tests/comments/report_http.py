"""Helpers that report comments, and read the stored reports."""

from django.test import Client

from comments.models import Report


def url(comment):
    return f"/comments/{comment.pk}/report/"


def report(comment, client=None, *, network=1, reason="unkind", **more):
    """Send the report form as a guest from the network of this number, or as the signed-in user."""
    client = client or Client()
    return client.post(url(comment), {"reason": reason, **more}, REMOTE_ADDR=f"198.51.{network}.7")


def told():
    """Return the stored reports: (comment, reason, whether it is open)."""
    rows = Report.objects.order_by("pk").values_list("comment_id", "reason", "settled_at")
    return [(key, reason, settled is None) for key, reason, settled in rows]
