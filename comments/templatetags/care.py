"""What the owner's desk says about care while it is off, or shows a text that is not hers."""

from django import template

from comments.care import help as care_help
from comments.models import ConversationSettings

register = template.Library()


@register.inclusion_tag("admin/comments/care/_desk.html", takes_context=True)
def care_on_the_desk(context):
    """Ask the owner, and nobody else, for a help text of her own."""
    user = context["request"].user
    if not user.is_superuser:
        return {}
    settings = ConversationSettings.get()
    return {"care": settings} if care_help.is_shipped(settings) else {}
