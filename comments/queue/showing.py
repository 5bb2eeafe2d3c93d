"""What the pages of the queue show: a tab of cards, the page of one comment, what can be done."""

import secrets

from django.contrib import admin
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from blog.models import Post
from comments import reasons, records, verdicts
from comments.care import forms as care_forms
from comments.models import Comment, ConversationSettings
from comments.queue import cards, desk, pages, tabs
from comments.queue.forms import LONGEST_NOTE, FilterForm
from comments.queue.tabs import Tab
from comments.reasons import LONGEST_REASON, RemovalReason, SavedReply

# A thumb's way through a page of these takes about two minutes.
PAGE = 25


def a_tab(request, place, more=None):
    """Answer with a page of a tab."""
    fill, site = (
        _decisions if place.tab == Tab.DECIDED else _cards,
        admin.site.each_context(request),
    )
    context = {
        **site,
        "app_list": _with_names_of_one(site["available_apps"]),
        **desk.around(request, place),
        "said": desk.told(request),
        "title": _("The queue"),
        **fill(request, place),
        **(more or {}),
    }
    return render(request, "admin/queue/list.html", context)


def _with_names_of_one(apps):
    """Let each link that adds something say what, beside others that do."""
    for model in (model for app in apps for model in app["models"]):
        model["one"] = model["model"]._meta.verbose_name
    return apps


def _cards(request, place):
    rows, context = tabs.comments(place.tab, request.user), {}
    if place.tab == Tab.ALL:
        form = FilterForm(place.query, posts=Post.objects.visible_to(request.user))
        rows, context["filters"] = form.filtered(rows), form
    found, mark = pages.page(cards.prepared(rows), tabs.ORDER[place.tab], place.mark, PAGE)
    return context | {"cards": cards.of(found, request.user), "further": _further(place, mark)}


def _decisions(request, place):
    rows = tabs.decisions(request.user)
    found, mark = pages.page(rows, tabs.ORDER[Tab.DECIDED], place.mark, PAGE)
    return {"decisions": found, "further": _further(place, mark)}


def _further(place, mark):
    """Return the address of the page after this one, or an empty text."""
    if not mark:
        return ""
    query = place.query.copy()
    query["after"] = mark
    return f"{place.tab.address}?{query.urlencode()}"


def one_comment(request, card, opened="", typed="", said=None, status=200):
    """Answer with the page of one comment: its card, all that can be done, what was decided before.

    Whoever opens it is reading it: that alone is noted, for colleagues, and runs out by itself.
    """
    reasons.take_claim(card.key, request.user)
    context = {
        **admin.site.each_context(request),
        **desk.around(request, desk.place_of(reverse("queue:comment", args=[card.key]))),
        **panels(card, request.user),
        "said": desk.told(request) if said is None else said,
        "title": _("A comment by %s") % card.name,
        "card": card,
        "opened": opened,
        "typed": typed,
        "near": _near(card.comment),
    }
    return render(request, "admin/queue/comment.html", context, status=status)


def panels(card, who):
    """Return what the forms of one card need, for this moderator."""
    use = SavedReply.Use.CARE if card.case else SavedReply.Use.ANSWER
    offered = SavedReply.objects.filter(use=use)
    return {
        "replies": [(each.pk, each.title, each.to(card.name)) for each in offered],
        "reasons": RemovalReason.objects.offered(),
        "submission": secrets.token_urlsafe(16),
        "longest": {"reason": LONGEST_REASON, "note": LONGEST_NOTE},
        "longest_answer": ConversationSettings.get().max_length,
        "today": timezone.localdate(),
        "last": records.last(card.comment, tabs.seen_by(who)),
        "care": care_forms.panel(card.case, who) if card.case else None,
        "history": _history(card.comment),
    }


def _history(comment):
    """Return ``[(row of the log, what held the comment then in words)]``, the newest first."""
    rows = comment.actions.select_related("who").order_by("-pk")
    return [(action, verdicts.in_words(action)) for action in rows]


def _near(comment):
    """Return the visible comments before and after this one in its thread."""
    thread = Comment.objects.approved().with_names().select_related("content_note")
    thread = thread.filter(tree_id=comment.tree_id)
    others = thread.filter(lft__lt=comment.lft).exclude(pk=comment.parent_id)
    found = (
        others.order_by("-lft").first(),
        thread.filter(lft__gt=comment.lft).order_by("lft").first(),
    )
    return [each for each in found if each]
