"""Addresses of the conversation; DESIGN names them as a contract for other programs."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from comments import (
    claiming_views,
    feeds,
    following_views,
    moderator_mail_views,
    news_views,
    reaction_views,
    receipt_views,
    report_views,
    views,
)

app_name = "comments"


class TokenConverter(StringConverter):
    """The token of a receipt; longer than any word of an address beside it."""

    regex = "[A-Za-z0-9_-]{32,64}"


register_converter(TokenConverter, "receipt")


def of_the_writer(tail, view, name):
    """Return the two addresses of a writer's page: for who is known, and with the private link."""
    return [
        path(f"comments/<int:pk>/receipt/{tail}", view, name=f"own_{name}"),
        path(f"comments/<int:pk>/receipt/<receipt:token>/{tail}", view, name=name),
    ]


urlpatterns = [
    path("posts/<str:slug>/reply/", views.reply_to_post, name="reply_to_post"),
    path("posts/<str:slug>/comments/feed/", feeds.PostCommentsFeed(), name="post_feed"),
    path("posts/<str:slug>/news/", news_views.what_is_new, name="news"),
    path("posts/<str:slug>/anchor/<int:number>/", news_views.anchor, name="anchor"),
    path("posts/<str:slug>/following/", following_views.post, name="follow_post"),
    path("comments/<int:pk>/following/", following_views.comment, name="follow_comment"),
    path("comments/proof/<str:given>/", following_views.proof, name="proof"),
    path("following/", following_views.everything, name="follow_all"),
    path("account/following/", following_views.own, name="followings"),
    path("comments/preview/", views.preview, name="preview"),
    path("comments/keys/", views.keys, name="keys"),
    path("comments/forget/", receipt_views.forget, name="forget"),
    path("comments/feed/", feeds.CommentsFeed(), name="feed"),
    path("comments/<int:pk>/", views.permalink, name="permalink"),
    path("comments/<int:pk>/reply/", views.reply, name="reply"),
    path("comments/<int:pk>/reaction/", reaction_views.reaction, name="reaction"),
    path("comments/<int:pk>/report/", report_views.report, name="report"),
    path("comments/<int:pk>/thread/", views.thread, name="thread"),
    path("comments/<int:pk>/after/<int:last>/", views.after, name="after"),
    *of_the_writer("", receipt_views.receipt, "receipt"),
    *of_the_writer("edit/", receipt_views.edit, "edit"),
    *of_the_writer("withdrawal/", receipt_views.withdrawal, "withdrawal"),
    *of_the_writer("disowning/", receipt_views.disowning, "disowning"),
    *of_the_writer("renewal/", receipt_views.renewal, "renewal"),
    *of_the_writer("mailing/", receipt_views.mailing, "mailing"),
    *of_the_writer("proof/", receipt_views.proof, "receipt_proof"),
    path(
        "comments/<int:pk>/receipt/<receipt:token>/claiming/",
        claiming_views.by_link,
        name="receipt_claiming",
    ),
    path("account/comments/", receipt_views.written, name="written"),
    path("account/claiming/", claiming_views.own, name="claiming"),
    path("account/leave/disowning/", receipt_views.disown_all, name="disown_all"),
    path("account/moderating/", moderator_mail_views.own, name="moderator_mail"),
]
