"""Every address. The blog comes last, since it ends with the route of its pages, /<slug>/.

Only /static/, /media/, /avatars/ and /healthz/ are not here: MIDDLEWARE answers them earlier.
"""

from django.contrib import admin
from django.urls import include, path

from comments.queue.views import front_page
from config import views

# One way to sign in, with its rate limits, its proof of address and its second factor, for the
# admin too: Django's own form is behind no address.
admin.site.login = views.desk_login
# Whoever may decide about comments is greeted with what waits.
admin.site.index = front_page(admin.site.index)

handler400 = "config.views.bad_request"

urlpatterns = [
    path("admin/queue/", include("comments.queue.urls")),
    path("admin/desk/", include("comments.dashboard.urls")),
    # Before Django's own of the same address, which asks for no permission.
    path("admin/r/<int:kind>/<path:key>/", admin.site.admin_view(views.view_on_site)),
    path("admin/", admin.site.urls),
    path("account/", include("allauth.urls")),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("", include("accounts.urls")),
    path("", include("comments.urls")),
    path("", include("blog.urls")),
]
