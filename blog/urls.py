"""Addresses of the blog. Pages come last, since theirs can be any single word."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path, re_path

from blog import feeds, views
from blog.sitemaps import SITEMAPS

app_name = "blog"
urlpatterns = [
    path("", views.PostList.as_view(), name="home"),
    path("posts/<str:slug>/", views.PostDetail.as_view(), name="post"),
    re_path(r"^posts/(?P<slug>[^/]+)/card/(?P<digest>[0-9a-f]{20})\.png$", views.card, name="card"),
    path("tags/<str:slug>/", views.TagDetail.as_view(), name="tag"),
    path("tags/<str:slug>/feed/", feeds.TagFeed(), name="tag_feed"),
    path("feed/", feeds.PostFeed(), name="feed"),
    path("content-notes/", views.content_notes, name="notes"),
    path("feed/json/", feeds.PostJSONFeed(), name="json_feed"),
    path("series/<str:slug>/", views.SeriesDetail.as_view(), name="series"),
    path("archive/", views.Archive.as_view(), name="archive"),
    path("archive/<int:year>/", views.Archive.as_view(), name="archive_year"),
    path("search/", views.Search.as_view(), name="search"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("<str:slug>/", views.PageDetail.as_view(), name="page"),
]
