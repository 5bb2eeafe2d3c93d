"""Declarations of the personal data in the blog's tables."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Exemption, PersonalData

_POSTS = {
    "what": _("What you wrote as an author: posts, their versions and unsaved changes."),
    "why": _("It’s the blog’s content."),
    "how_long": _(
        "Until you or the owner delete it, plus 30 days in the trash. When you leave, you "
        "transfer your posts and drafts or unpublish them. Unsaved changes are deleted, and so "
        "are drafts that you don’t transfer, unless they were published before or have comments."
    ),
    "export": "blog.privacy.export.posts",
    "erase": "blog.privacy.erase.posts",
}

DECLARATIONS = [
    PersonalData(
        "blog.Post",
        "author title slug body body_html excerpt lead_alt source source_id",
        **_POSTS,
    ),
    PersonalData("blog.PostRevision", "author form fields", **_POSTS),
    PersonalData(
        "blog.PreviewLink",
        "made_by key",
        what=_("Links that let friends read a post of yours before it’s published."),
        why=_("So that only the people you gave the link to can read it."),
        how_long=_("A month at most."),
        not_exported_because=_(
            "The links are listed with your post, and anyone who has one can read it."
        ),
        erase="blog.privacy.erase.posts",
    ),
    PersonalData(
        "blog.Image",
        "file title alt uploaded_by",
        what=_("Images you uploaded, without the place where they were taken."),
        why=_("They’re part of posts."),
        how_long=_("Until they’re deleted, or you leave and no post shows them."),
        export="blog.privacy.export.pictures",
        erase="blog.privacy.erase.pictures",
    ),
    PersonalData(
        "blog.Subscription",
        "subscriber user address",
        what=_("That you want new posts by email, and how often."),
        why=_("So that they reach you, and no one who didn’t ask."),
        how_long=_("Until you unsubscribe; one week if you never confirmed it."),
        export="blog.newsletter.subscribe.subscribing",
        erase="blog.privacy.erase.subscriptions",
    ),
    PersonalData(
        "blog.SearchEntry",
        "title text",
        what=_("A copy of public text in the blog’s own search."),
        why=_(
            "So that readers can find what they’re looking for without involving another company."
        ),
        how_long=_("As long as the text is public."),
        not_exported_because=_("It’s a copy; you get the text itself."),
        erase="blog.privacy.erase.index",
        goes_with_text=True,
    ),
]
EXEMPTIONS = [
    Exemption(
        "blog.Blog",
        "title tagline about footer_text language time_zone hub profiles indexnow quick_exit",
        "what the owner says about the blog, in public, and addresses that it tells or leads to",
    ),
    Exemption("blog.Blog", "tag_authority", "whose the ids in feeds are"),
    Exemption("blog.ContentNote", "name description", "topics, chosen by the owner"),
    Exemption(
        "blog.RemovedSource",
        "source source_id",
        "numbers of what is gone, so that it stays gone, and that of its post",
    ),
    Exemption(
        "blog.PendingLeadImage", "file alt", "a picture of an imported post, until it is above it"
    ),
    Exemption("blog.Mailing", "told", "whose turn was last, by number; goes with the mailing"),
    Exemption("blog.OldAddress", "path", "earlier addresses of posts"),
    Exemption("blog.OldSeriesSlug", "slug", "earlier addresses of series"),
    Exemption("blog.OldTagSlug", "slug", "earlier addresses of tags"),
    Exemption("blog.Post", "language", "a code of a language"),
    Exemption("blog.SearchEntry", "kind", "post or comment"),
    Exemption("blog.Series", "slug title description", "names of series, in public"),
    Exemption("blog.Tag", "slug name", "names of topics, in public"),
]
