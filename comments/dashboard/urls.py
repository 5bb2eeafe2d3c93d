"""URLs of the dashboard, below those of the admin."""

from django.contrib import admin
from django.urls import path

from accounts.auth.signed_out_views import keeps_words
from comments.dashboard import views

app_name = "desk"


def _of_desk(view):
    return keeps_words(admin.site.admin_view(view))


urlpatterns = [
    path("break/", _of_desk(views.take_break), name="break"),
    path("break/end/", _of_desk(views.end_break), name="end_break"),
    path("<int:pk>/answer/", _of_desk(views.answer), name="answer"),
]
