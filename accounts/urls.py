"""Links in mails. The rest of what is about accounts is django-allauth's, under /account/."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [path("m/<str:token>/", views.link, name="link")]
