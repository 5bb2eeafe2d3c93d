"""URLs of the dashboard, below those of the admin."""

from django.contrib import admin
from django.urls import path

from comments.dashboard import views

app_name = "desk"

urlpatterns = [
    path("break/", admin.site.admin_view(views.take_break), name="break"),
    path("break/end/", admin.site.admin_view(views.end_break), name="end_break"),
    path("<int:pk>/answer/", admin.site.admin_view(views.answer), name="answer"),
]
