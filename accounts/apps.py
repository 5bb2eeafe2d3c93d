"""The accounts app: users, sign-in, mail and privacy. It imports no other app of Hearth."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # django-allauth offers no other hook for these steps than its signals.
        from allauth.account.signals import authentication_step_completed
        from allauth.core.internal import ratelimit
        from allauth.mfa.signals import authenticator_added

        from accounts.auth import middleware
        from accounts.text import lookups

        lookups.register()

        # The admin's headings over models of other apps.
        apps.get_app_config("auth").verbose_name = _("Permissions")
        apps.get_app_config("mfa").verbose_name = _("Two-factor authentication")

        # Seconds. Who cannot take its lock is refused as if there had been too many tries: one
        # second is short on a busy machine, and what a killed worker left has to end before.
        ratelimit.CACHE_LOCK_WAIT_TIMEOUT, ratelimit.CACHE_LOCK_TIMEOUT = 10, 4
        authentication_step_completed.connect(middleware.on_authentication_step)
        authenticator_added.connect(middleware.on_authenticator_added)
