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
SHIPPED = _("""\
**You do not have to be alone with this.**

We asked somebody of this blog to look at what you wrote. Please do not wait for that: it can be \
night where we are, and **it may be that nobody reads it for some time**.

- If you or somebody near you may be in danger now, call the **emergency services** of the place \
where you are.
- In many places there are people who listen at any hour, by telephone or in writing, and who do \
not ask for your name. A doctor can tell you who they are, or a search for “crisis line” and the \
name of your country.
- Somebody whom you trust may be glad to be asked, also late.

If you wrote of something long past, or of somebody else, simply read on. You did nothing wrong.""")


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
