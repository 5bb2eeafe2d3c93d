"""The tags by which pages of the blog show what the comments app knows."""

from django import template
from django.http import Http404
from django.utils.translation import ngettext

from blog import html_to_text
from blog.context_processors import site_version
from comments import policy, timestamps
from comments.guests import session
from comments.models import ConversationSettings
from comments.threads import by_writer
from comments.threads import page as threads_page
from comments.threads.thread import NoSuchPageError

register = template.Library()
# Numbers of which each is in a plural form of its own in some language (CLDR).
SAMPLES = (1, 0, 2, 3, 5, 11, 100)


@register.inclusion_tag("comments/section/_conversation.html", takes_context=True)
def comment_section(context, post):
    """Show the page of the post's conversation that the address asks for."""
    request = context["request"]
    try:
        found = _asked_for(request, post, session.viewer_of(request), session.settings_of(request))
    except NoSuchPageError:
        raise Http404 from None
    if found:
        found.gone = request.GET.get("gone") == threads_page.GONE
    return {"conversation": found, "request": request}


def _asked_for(request, post, viewer, settings):
    asked = request.GET
    page, order = _number(asked.get("page"), 1), asked.get("order")
    through = _number(asked.get("open"), None)
    if order == threads_page.AUTHOR:
        return by_writer.author_replies(post, viewer, settings, page)
    order = threads_page.NEWEST if order == threads_page.NEWEST else threads_page.OLDEST
    version = site_version(request)
    return threads_page.conversation(post, viewer, settings, version, page, order, through)


def _number(text, default):
    if not text:
        return default
    if not threads_page.NUMBER.fullmatch(text):
        raise Http404
    return int(text)


@register.simple_tag(takes_context=True)
def comment_count(context, post):
    """Return how many comments readers see on this post, or None where they appear nowhere."""
    hidden = policy.mode_of(post, _settings(context)) is policy.Mode.HIDDEN
    return None if hidden else post.comment_count


@register.simple_tag(takes_context=True)
def current_break(context):
    """Return the ``Break`` that the whole blog takes, or None."""
    return _settings(context).current_break


def _settings(context):
    """Read once for a whole list, whose lines may be templates of their own."""
    if "request" in context:
        return session.settings_of(context["request"])
    kept = context.render_context
    if "conversation_settings" not in kept:
        kept["conversation_settings"] = ConversationSettings.get()
    return kept["conversation_settings"]


register.filter("ago", timestamps.ago)

register.filter("beginning", html_to_text.beginning)


@register.simple_tag
def new_comments_by_number():
    """Return "# new comments" in each plural form of the language, each after a number of it.

    The script picks the one whose number has the same plural form as the number to show.
    """
    forms = {}
    for number in SAMPLES:
        # Translators: the script replaces # by the number.
        forms.setdefault(ngettext("# new comment", "# new comments", number), number)
    return "|".join(f"{number} {words}" for words, number in forms.items())
