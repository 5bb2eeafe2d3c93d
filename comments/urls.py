"""URLs of comments, receipts and subscriptions; links from elsewhere rely on them."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from accounts.throttling import throttled
from comments.digests import views as digests_views
from comments.posting import views
from comments.reactions import views as reactions_views
from comments.receipts import claim_views
from comments.receipts import views as receipts_views
from comments.reports import views as reports_views
from comments.subscriptions import views as subscriptions_views
from comments.threads import feeds
from comments.threads import views as threads_views

app_name = "comments"


class TokenConverter(StringConverter):
    """The token of a receipt; longer than any literal path segment beside it."""

    regex = "[A-Za-z0-9_-]{32,64}"


register_converter(TokenConverter, "receipt")


def of_the_writer(tail, view, name):
    """Return the two URLs of a writer's page: for a known visitor, and with the private token."""
    return [
        path(f"comments/<int:pk>/receipt/{tail}", view, name=f"own_{name}"),
        path(f"comments/<int:pk>/receipt/<receipt:token>/{tail}", view, name=name),
    ]


urlpatterns = [
    path("posts/<str:slug>/reply/", views.reply_to_post, name="reply_to_post"),
    path(
        "posts/<str:slug>/comments/feed/",
        throttled("feed")(feeds.PostCommentsFeed()),
        name="post_feed",
    ),
    path("posts/<str:slug>/news/", threads_views.what_is_new, name="news"),
    path("posts/<str:slug>/anchor/<int:number>/", threads_views.anchor, name="anchor"),
    path("posts/<str:slug>/following/", subscriptions_views.subscribe_to_post, name="follow_post"),
    path(
        "comments/<int:pk>/following/",
        subscriptions_views.subscribe_to_comment,
        name="follow_comment",
    ),
    path("comments/proof/<str:given>/", subscriptions_views.confirm_subscriptions, name="proof"),
    path("following/", subscriptions_views.subscribe_to_all, name="follow_all"),
    path("account/following/", subscriptions_views.subscription_list, name="followings"),
    path("comments/preview/", views.preview, name="preview"),
    path("comments/keys/", threads_views.keys, name="keys"),
    path("comments/forget/", receipts_views.forget, name="forget"),
    path("comments/feed/", throttled("feed")(feeds.CommentsFeed()), name="feed"),
    path("comments/<int:pk>/", threads_views.permalink, name="permalink"),
    path("comments/<int:pk>/reply/", views.reply, name="reply"),
    path("comments/<int:pk>/reaction/", reactions_views.reaction, name="reaction"),
    path("comments/<int:pk>/report/", reports_views.report, name="report"),
    path("comments/<int:pk>/thread/", threads_views.thread, name="thread"),
    path("comments/<int:pk>/after/<int:last>/", threads_views.after, name="after"),
    *of_the_writer("", receipts_views.receipt, "receipt"),
    *of_the_writer("edit/", receipts_views.edit, "edit"),
    *of_the_writer("withdrawal/", receipts_views.withdrawal, "withdrawal"),
    *of_the_writer("disowning/", receipts_views.disowning, "disowning"),
    *of_the_writer("renewal/", receipts_views.renewal, "renewal"),
    *of_the_writer("mailing/", receipts_views.mailing, "mailing"),
    *of_the_writer("proof/", receipts_views.proof, "receipt_proof"),
    path(
        "comments/<int:pk>/receipt/<receipt:token>/claiming/",
        claim_views.by_link,
        name="receipt_claiming",
    ),
    path("account/comments/", receipts_views.comment_list, name="written"),
    path("account/claiming/", claim_views.claim_list, name="claiming"),
    path("account/leave/disowning/", receipts_views.disown_all, name="disown_all"),
    path("account/moderating/", digests_views.moderator_emails, name="moderator_mail"),
]
