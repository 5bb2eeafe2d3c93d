"""URL patterns of the blog. Pages come last, since their path may be any single segment."""

from django.urls import path, re_path

from accounts.throttling import throttled
from blog import content_note_views, views
from blog.newsletter import views as newsletter_views
from blog.publishing import views as publishing_views
from blog.syndication import feeds
from blog.syndication import views as syndication_views
from blog.syndication.sitemaps import sitemap, sitemap_part

app_name = "blog"
urlpatterns = [
    path("", views.PostList.as_view(), name="home"),
    path("posts/<str:slug>/", views.PostDetail.as_view(), name="post"),
    re_path(r"^posts/(?P<slug>[^/]+)/card/(?P<digest>[0-9a-f]{20})\.png$", views.card, name="card"),
    path("tags/<str:slug>/", views.TagDetail.as_view(), name="tag"),
    path("tags/<str:slug>/feed/", throttled("feed")(feeds.TagFeed()), name="tag_feed"),
    path("feed/", throttled("feed")(feeds.PostFeed()), name="feed"),
    path("content-notes/", content_note_views.choose_content_notes, name="notes"),
    path("feed/json/", throttled("feed")(feeds.PostJSONFeed()), name="json_feed"),
    path("series/<str:slug>/", views.SeriesDetail.as_view(), name="series"),
    path("archive/", views.Archive.as_view(), name="archive"),
    path("archive/<int:year>/", views.Archive.as_view(), name="archive_year"),
    path("search/", views.Search.as_view(), name="search"),
    path("previews/<str:token>/", publishing_views.preview, name="preview"),
    path("sitemap.xml", throttled("feed")(sitemap), name="sitemap"),
    path("sitemap-<slug:section>.xml", throttled("feed")(sitemap_part), name="sitemap_part"),
    path("robots.txt", syndication_views.robots, name="robots"),
    re_path(r"^(?P<key>[0-9a-f]{32})\.txt$", syndication_views.indexnow_key, name="indexnow"),
    path("subscribe/", newsletter_views.subscribe_page, name="subscribe"),
    path("subscribe/now/", newsletter_views.quick_subscribe, name="quick_subscribe"),
    path("subscribe/<str:given>/", newsletter_views.subscription_page, name="subscription"),
    path("<str:slug>/", views.PageDetail.as_view(), name="page"),
]
