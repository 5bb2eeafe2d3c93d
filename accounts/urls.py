"""Links in mails, profiles and sessions, what is kept about people, archives of it, and leaving.

The rest of what is about accounts is django-allauth's.
"""

from django.urls import path

from accounts import archive_views, leaving_views, views

app_name = "accounts"

urlpatterns = [
    path("m/<str:token>/", views.link, name="link"),
    path("people/<str:username>/", views.person, name="person"),
    path("account/profile/", views.profile, name="profile"),
    path("account/sessions/", views.sessions, name="sessions"),
    path("account/email/stop/", views.stop_address_change, name="stop_address_change"),
    path("account/second-factor/", views.second_factor_needed, name="second_factor_needed"),
    path("account/invitation/<str:carried>/", views.invited, name="invited"),
    path("account/archive/", archive_views.own, name="archive"),
    path("privacy/archive/", archive_views.ask, name="ask"),
    path("privacy/archive/<str:given>/", archive_views.guest, name="guest_archive"),
    path("privacy/archive/<str:given>/file/", archive_views.file, name="archive_file"),
    path("privacy/", leaving_views.privacy, name="privacy"),
    path("account/leave/", leaving_views.leave, name="leave"),
    path("account/leave/stay/", leaving_views.stay, name="stay"),
    path("account/leave/words/", leaving_views.erase, {"kind": "words"}, "erase_words"),
    path("account/leave/everything/", leaving_views.erase, {"kind": "everything"}, "erase_all"),
]
