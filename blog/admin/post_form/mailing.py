"""Sending a post by email in the admin: asked once, and cancelled as long as nothing went out."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from blog.models import Post
from blog.newsletter import notices, send, subscribe

CHANGE = "admin:blog_post_change"


class MailingAdmin:
    """Mixed into ``PostAdmin``."""

    def get_urls(self):
        view = self.admin_site.admin_view
        ask = view(require_http_methods(["GET", "POST"])(self.send))
        cancel = view(require_POST(self.cancel_sending))
        return [
            path("<int:pk>/send/", ask, name="blog_post_send"),
            path("<int:pk>/send/cancel/", cancel, name="blog_post_send_cancel"),
            *super().get_urls(),
        ]

    def send(self, request, pk):
        """Ask once whether a public post is to be sent; a POST sends it after a few minutes."""
        post = self._changeable(request, pk)
        sending = notices.sending_of(post)
        if sending is None or not sending.can_send:
            raise Http404
        if request.method != "POST":
            number = sum(subscribe.subscriber_counts())
            context = {"number": number, "minutes": notices.minutes()}
            return self._page(request, post, "send", _("Email to subscribers"), context)
        with transaction.atomic():
            Post.objects.filter(pk=post.pk).update(by_mail=True)
            send.note(post)
            self.log_change(request, post, _("Sent by email."))
        return HttpResponseRedirect(reverse(CHANGE, args=[pk]))

    def cancel_sending(self, request, pk):
        """Cancel what waits to be sent."""
        post = self._changeable(request, pk)
        if send.cancel(post):
            messages.success(request, _("Canceled. Nothing was sent."))
        else:
            messages.warning(request, _("It’s too late to cancel: sending has begun."))
        return HttpResponseRedirect(reverse(CHANGE, args=[pk]))

    def _changeable(self, request, pk):
        post = self.get_object(request, str(pk))
        if not self.has_change_permission(request, post):
            raise PermissionDenied
        return post
