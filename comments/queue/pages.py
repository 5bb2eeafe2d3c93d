"""The pages of the queue: a tab of cards, the page of one comment, and the panels of a card."""

import secrets

from django.contrib import admin
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from blog.models import Post
from comments.audit_log import wording
from comments.care import forms as care_forms
from comments.models import Comment, ConversationSettings, RemovalReason, SavedReply, moderation
from comments.models.moderation import LONGEST_REASON
from comments.moderation import track_record
from comments.queue import cards, pagination, responses, tabs
from comments.queue.forms import LONGEST_NOTE, FilterForm
from comments.queue.tabs import Tab

# A page of these takes about two minutes to get through.
PAGE = 25


def tab_page(request, place, more=None):
    """Render a page of a tab."""
    fill = _decisions if place.tab == Tab.DECIDED else _cards
    context = {
        **admin.site.each_context(request),
        **responses.page_context(request, place),
        "results": responses.pop_messages(request),
        "title": _("Moderation queue"),
        **fill(request, place),
        **(more or {}),
    }
    return render(request, "admin/queue/list.html", context)


def _cards(request, place):
    rows, context, matching = tabs.comments(place.tab, request.user), {}, None
    if place.tab == Tab.ALL:
        form = FilterForm(place.query, posts=Post.objects.visible_to(request.user))
        rows, matching = form.filtered(rows), form.matching()
        context["filters"] = form
    comments, mark = pagination.page(
        cards.with_card_data(rows), tabs.ORDER[place.tab], place.page_mark, PAGE, matching
    )
    if mark and len(comments) < PAGE:
        context["looked_through"] = f"{pagination.LOOKED_THROUGH:,}"
    return context | {
        "cards": cards.cards_for(comments, request.user),
        "further": _further(place, mark),
    }


def _decisions(request, place):
    rows = tabs.decisions(request.user)
    actions, mark = pagination.page(rows, tabs.ORDER[Tab.DECIDED], place.page_mark, PAGE)
    return {"decisions": actions, "further": _further(place, mark)}


def _further(place, mark):
    """Return the address of the next page, or an empty string."""
    if not mark:
        return ""
    query = place.query.copy()
    query["after"] = mark
    return f"{place.tab.address}?{query.urlencode()}"


def comment_page(request, card, opened="", typed="", results=None, status=200, kept=()):
    """Render the page of one comment: its card, its panels and its history.

    Opening it takes the review lock, which tells colleagues and expires by itself.
    """
    moderation.take_review_lock(card.key, request.user)
    context = {
        **admin.site.each_context(request),
        **responses.page_context(
            request, responses.place_of(reverse("queue:comment", args=[card.key]))
        ),
        **panels(card, request.user),
        "results": responses.pop_messages(request) if results is None else results,
        "title": _("Comment by %s") % card.name,
        "card": card,
        "opened": opened,
        "typed": typed,
        "kept": kept,
        "near": _near(card.comment),
    }
    return render(request, "admin/queue/comment.html", context, status=status)


def panels(card, who):
    """Return the context of a card's panels, for this moderator."""
    use = SavedReply.Use.CARE if card.case else SavedReply.Use.ANSWER
    offered = SavedReply.objects.filter(use=use)
    return {
        "replies": [(reply.pk, reply.title, reply.to(card.name)) for reply in offered],
        "reasons": RemovalReason.objects.offered(),
        "submission": secrets.token_urlsafe(16),
        "longest": {"reason": LONGEST_REASON, "note": LONGEST_NOTE},
        "longest_answer": ConversationSettings.get().max_length,
        "today": timezone.localdate(),
        "last": track_record.recent_comments(card.comment, tabs.seen_by(who)),
        "care": care_forms.panel(card.case, who) if card.case else None,
        "history": _history(card.comment),
    }


def _history(comment):
    """Return ``[(action, its verdict in words)]``, the newest first."""
    rows = comment.actions.select_related("who").order_by("-pk")
    return [(action, wording.in_words(action)) for action in rows]


def _near(comment):
    """Return the visible comments just before and after this one in its thread."""
    thread = Comment.objects.approved().with_names().select_related("content_note")
    thread = thread.filter(tree_id=comment.tree_id)
    others = thread.filter(lft__lt=comment.lft).exclude(pk=comment.parent_id)
    nearest = (
        others.order_by("-lft").first(),
        thread.filter(lft__gt=comment.lft).order_by("lft").first(),
    )
    return [item for item in nearest if item]
