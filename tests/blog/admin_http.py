"""Helpers for tests of the post form: what a browser sends, and what the answer holds."""

from django.contrib.messages import get_messages

LIST, ADD = "/admin/blog/post/", "/admin/blog/post/add/"


def change(post):
    return f"/admin/blog/post/{post.pk}/change/"


def form(**fields):
    """Return the fields that a browser sends; ``published_at`` is a datetime."""
    data = {
        "title": "A quiet day",
        "slug": "",
        "body": "<p>Quite still.</p>",
        "excerpt": "",
        "comment_mode": "default",
        "kind": "post",
        "menu_order": "0",
        **fields,
    }
    if (moment := data.pop("published_at", None)) is not None:
        data["published_at_0"], data["published_at_1"] = moment.strftime(
            "%Y-%m-%d %H:%M:%S"
        ).split()
    return data


def said(answer):
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def errors(answer):
    assert answer.status_code == 200
    return answer.context["adminform"].form.errors


def typed(token="one", **fields):
    """Return the fields that autosave sends while somebody types."""
    return form(form_token=token, **fields)


def drafts(answer):
    """Return the unsaved drafts that a page offers."""
    return answer.context["drafts"]
