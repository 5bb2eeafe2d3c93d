"""The help text: shown on the receipt of a comment that asked for care, and below posts with the
help block.

The owner writes it for the countries of their readers. Until then the shipped text is shown, which
names no country's number and promises nothing.
"""

from django.utils.translation import gettext_lazy as _

from blog.models import Blog
from comments import markup
from comments.models import CareCase, ConversationSettings

# A number on a phone is pressed, not copied.
PROTOCOLS = markup.PROTOCOLS | {"tel"}
SHIPPED = _(
    "**You don’t have to go through this alone.**\n\nWe’ve asked someone at this "
    "blog to look at what you wrote. Please don’t wait for that. It may be night "
    "where we are, and **it may be some time before anyone reads it**.\n\n- If you "
    "or someone near you may be in danger now, call the **emergency services** "
    "where you are.\n- In many places, people listen at any hour, by phone or in "
    "writing, without asking for your name. A doctor can tell you who they are, "
    "or search for “crisis line” and the name of your country.\n- Someone you "
    "trust may be glad you asked, even late at night.\n\nIf you wrote about "
    "something long ago, or about someone else, just read on. You did nothing "
    "wrong."
)


def text(settings: ConversationSettings) -> str:
    """Return the help text as Markdown: the owner's, or the shipped one."""
    return settings.care_help or str(SHIPPED)


def html(settings: ConversationSettings) -> str:
    """Return the help text as HTML, sanitised as a comment is."""
    return markup.render(text(settings), PROTOCOLS)


def help_block(_blog: Blog) -> str:
    """Return the help text for the help block of posts. One of ``settings.HELP_BLOCKS``."""
    return html(ConversationSettings.get())


def is_shipped(settings: ConversationSettings) -> bool:
    """Return whether people see the shipped text: the owner has neither a text nor a help page."""
    return not settings.care_help and Blog.get().help_page_id is None


def text_to_store(written: str) -> str:
    """Return what to store of the owner's text: "" while it is the shipped one.

    That way improvements to it reach everybody who did not write their own.
    """
    plain = "\n".join(line.rstrip() for line in written.strip().splitlines())
    return "" if plain == str(SHIPPED).strip() else plain


def is_shown_to_writer(key: int) -> bool:
    """Return whether the writer of the comment with this key is shown the help text.

    Also after the case is closed, for those who come back for it.
    """
    return CareCase.objects.filter(comment=key, shows_help=True).exists()
