"""The help block: what a post shows below its text to a reader who may need somebody to turn to.

``settings.HELP_BLOCKS`` names functions that are given the blog's row and return HTML, or an empty
text; the first that has one is heard. The receipt of a comment that asked for care has it, too.
"""

from blog.models import Post


def page(blog):
    """Return the text of the page that the owner has chosen, while readers can read it."""
    if blog.help_page_id is None:
        return ""
    pages = Post.objects.public().pages().filter(pk=blog.help_page_id)
    return pages.values_list("body", flat=True).first() or ""
