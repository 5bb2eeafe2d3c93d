"""Declarations of the personal data in the blog's tables."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Exemption, PersonalData

_POSTS = {
    "what": _("What you wrote as an author: posts, their versions, and words not saved yet."),
    "why": _("It is the blog."),
    "how_long": _(
        "Until you or the owner delete it. When you leave you hand your posts over, or take them "
        "out of sight; your drafts and unsaved words go with you."
    ),
    "export": "blog.privacy.export.posts",
    "erase": "blog.privacy.erase.posts",
}

DECLARATIONS = [
    PersonalData("blog.Post", "author title slug body excerpt lead_alt source source_id", **_POSTS),
    PersonalData("blog.PostRevision", "author form fields", **_POSTS),
    PersonalData(
        "blog.PreviewLink",
        "made_by key",
        what=_("Links by which friends read your post before it is published."),
        why=_("So that only those read it to whom you gave the link."),
        how_long=_("A month at most."),
        not_exported_because=_("The links stand beside your post; whoever has them can read it."),
        erase="blog.privacy.erase.posts",
    ),
    PersonalData(
        "blog.Image",
        "file title alt uploaded_by",
        what=_("Pictures that you uploaded, without the place where they were taken."),
        why=_("They are part of posts."),
        how_long=_("Until they are deleted, or you leave and no post shows them any more."),
        export="blog.privacy.export.pictures",
        erase="blog.privacy.erase.pictures",
    ),
    PersonalData(
        "blog.Subscription",
        "subscriber user address",
        what=_("That you wish to get new posts by mail, and how often."),
        why=_("So that they come to you, and to nobody who did not ask."),
        how_long=_("Until you end it; a week if you never confirmed it."),
        export="blog.newsletter.subscribe.subscribing",
        erase="blog.privacy.erase.subscriptions",
    ),
    PersonalData(
        "blog.SearchEntry",
        "title text",
        what=_("A copy of public words in the blog's own search."),
        why=_("So that readers find what they look for, without asking another company."),
        how_long=_("As long as the words are public."),
        not_exported_because=_("It is a copy: you get the words themselves."),
        erase="blog.privacy.erase.index",
        goes_with_text=True,
    ),
]
EXEMPTIONS = [
    Exemption(
        "blog.Blog",
        "title tagline about language time_zone hub profiles indexnow quick_exit",
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
