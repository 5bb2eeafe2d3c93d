"""A user's active sessions, by device and day.

No IP address is kept, and of the user agent only the names of the browser and the system.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy


class SignIn(models.Model):
    """One session of an account; the row is deleted with the session."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(gettext_lazy("device"), max_length=60)
    day = models.DateField(gettext_lazy("signed in on"))

    class Meta:
        ordering = ["-day", "-pk"]

    def __str__(self):
        return f"sign-in {self.pk}"
