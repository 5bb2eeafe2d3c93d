"""Test mails in the post admin: a post sent to its author alone, as readers would get it."""

from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.mail import address_proofs, outbox
from accounts.refusal import Refused


class TestMailAdmin:
    """Mixed into ``PostAdmin``."""

    def get_urls(self):
        view = self.admin_site.admin_view(require_POST(self.trial))
        return [
            path("trial/", view, name="blog_post_trial_new"),
            path("<int:pk>/trial/", view, name="blog_post_trial"),
            *super().get_urls(),
        ]

    def trial(self, request, pk=None):
        """Mail the content of the form, saved or not, to the signed-in user's verified address."""
        try:
            row = self.keep_typed(request, pk)
        except Refused as refusal:
            return self._trial_page(request, {"problem": refusal.sentence}, status=413)
        email = address_proofs.verified_addresses([request.user.pk]).get(request.user.pk)
        if email:
            outbox.enqueue("trial", email, author=request.user.pk, form=row.form)
        return self._trial_page(request, {"email": email})

    def _trial_page(self, request, context, status=200):
        common = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Test email"),
            "is_nav_sidebar_enabled": False,
        }
        page = "admin/blog/post/test_mail.html"
        return TemplateResponse(request, page, common | context, status=status)
