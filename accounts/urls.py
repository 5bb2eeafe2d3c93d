"""URLs for mail links, profiles, sessions, the privacy page, data archives and erasure.

All other account pages are django-allauth's.
"""

from django.urls import path

from accounts import views
from accounts.privacy import archive_views, departure_views

app_name = "accounts"

urlpatterns = [
    path("m/<str:token>/", views.link, name="link"),
    path("people/<str:username>/", views.person, name="person"),
    path("account/profile/", views.profile, name="profile"),
    path("account/sessions/", views.session_list, name="sessions"),
    path("account/email/stop/", views.stop_address_change, name="stop_address_change"),
    path("account/second-factor/", views.second_factor_needed, name="second_factor_needed"),
    path("account/invitation/<str:carried>/", views.invited, name="invited"),
    path("account/archive/", archive_views.account_archive, name="archive"),
    path("privacy/archive/", archive_views.request_guest_link, name="ask"),
    path("privacy/archive/<str:given>/", archive_views.guest, name="guest_archive"),
    path("privacy/archive/<str:given>/file/", archive_views.file, name="archive_file"),
    path("privacy/", departure_views.privacy, name="privacy"),
    path("account/leave/", departure_views.start_departure, name="leave"),
    path("account/leave/stay/", departure_views.cancel_departure, name="stay"),
    path("account/leave/words/", departure_views.erase, {"kind": "words"}, "erase_words"),
    path("account/leave/everything/", departure_views.erase, {"kind": "everything"}, "erase_all"),
]
