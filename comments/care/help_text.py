"""The help text: what a writer finds on her receipt when her words asked for care, and what stands
below posts that show the help block.

The owner writes it for the countries of her readers. Until she has, a text is shown that names no
number of any country and promises nothing.
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


def text(settings):
    """Return the Markdown that is shown; ``settings`` is the row of ``ConversationSettings``."""
    return settings.care_help or str(SHIPPED)


def html(settings):
    """Return it as HTML, by the policy of comments."""
    return markup.render(text(settings), PROTOCOLS)


def help_block(_blog):
    """One of ``settings.HELP_BLOCKS``: what the settings of the conversation say."""
    return html(ConversationSettings.get())


def is_shipped(settings):
    """Return whether people are shown the text that came with Hearth: none of hers, and no page."""
    return not settings.care_help and Blog.get().help_page_id is None


def text_to_store(written):
    """Return what is stored of a text from the owner's form: "" when it is still the shipped one.

    So what we ship can become better for all who did not write their own.
    """
    plain = "\n".join(line.rstrip() for line in written.strip().splitlines())
    return "" if plain == str(SHIPPED).strip() else plain


def is_shown_to_writer(key):
    """Return whether the writer of the comment of this key is shown the help text.

    Also when the case is closed: who comes back for it finds it.
    """
    return CareCase.objects.filter(comment=key, shows_help=True).exists()
