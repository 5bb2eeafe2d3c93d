"""Every address. The blog comes last, since it ends with the route of its pages, /<slug>/.

Only /static/, /media/, /avatars/ and /healthz/ are not here: MIDDLEWARE answers them earlier.
"""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from config import views

# One way to sign in, with its rate limits and its proof of address, for the admin too.
admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include("allauth.urls")),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("", include("accounts.urls")),
    path("", include("comments.urls")),
    path("", include("blog.urls")),
]
