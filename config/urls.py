"""The URL configuration. The blog comes last, since it ends with its catch-all, /<slug>/.

/static/, /media/, /avatars/ and /healthz/ are not here: middleware answers them.
"""

from django.contrib import admin
from django.urls import include, path

from comments.queue.views import front_page
from config import views
from config.staff import hub

# The admin uses django-allauth's sign-in, with its rate limits, verified addresses and second
# factor; Django's own login form has no URL.
admin.site.login = views.desk_login
# And its page for a new password, which counts tries and sends a mail.
admin.site.password_change = views.desk_password
# Moderators who don't write see the queue as the admin's first page.
admin.site.index = front_page(admin.site.index)

handler400 = "config.views.bad_request"
handler500 = "config.unavailable.server_error"
handler429 = "accounts.throttling.too_many_requests"  # django-allauth calls it

urlpatterns = [
    path("admin/queue/", include("comments.queue.urls")),
    path("admin/desk/", include("comments.dashboard.urls")),
    # Before Django's own view of the same URL, which checks no permission.
    path("admin/r/<int:kind>/<path:key>/", admin.site.admin_view(views.view_on_site)),
    path("admin/settings/", admin.site.admin_view(hub.settings_page), name="staff_settings"),
    path("admin/", admin.site.urls),
    path("account/", include("allauth.urls")),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("", include("accounts.urls")),
    path("", include("comments.urls")),
    path("", include("blog.urls")),
]
