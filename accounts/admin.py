"""The admin of accounts, invitations, second factors and the outbox, for the blog's owner.

Authors and moderators have no permission for any of these.
"""

from allauth.mfa import admin as _theirs  # noqa: F401 - registered first, to be replaced here
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from accounts.auth import invitations
from accounts.base_admin import ReadOnlyAdmin, SingleRowAdmin
from accounts.mail import compose, outbox
from accounts.models import Address, Invitation, Mail, SignupSettings, User


class OriginFilter(admin.SimpleListFilter):
    """Filter accounts by origin: signed up here, or created by an import."""

    title = _("origin")
    parameter_name = "origin"

    def lookups(self, request, model_admin):
        return [("here", _("signed up here")), ("imported", _("imported"))]

    def queryset(self, request, queryset):
        if self.value() == "here":
            return queryset.filter(source="")
        if self.value() == "imported":
            return queryset.exclude(source="")
        return queryset


@admin.register(User)
class PersonAdmin(UserAdmin):
    list_display = ["username", "display_name", "email", "roles", "is_staff", "is_active", "origin"]
    list_filter = ["is_active", "is_staff", "is_superuser", "groups", OriginFilter]
    search_fields = ["username__finds", "display_name__finds", "email__finds", "source_id__finds"]
    filter_horizontal = ["groups"]
    readonly_fields = ["origin", "last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (
            _("Profile"),
            {
                "fields": [
                    "display_name",
                    "email",
                    "bio",
                    "website",
                    "is_public",
                    "language",
                    "origin",
                ]
            },
        ),
        (_("Permissions"), {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "description": _(
                    "Their first sign-in attempt emails them a link to confirm their "
                    "address. After that, they can sign in with this password."
                ),
                "fields": [
                    "username",
                    "display_name",
                    "email",
                    "usable_password",
                    "password1",
                    "password2",
                ],
            },
        ),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("groups"))
    def roles(self, person):
        return ", ".join(group.name for group in person.groups.all())

    @admin.display(description=_("origin"), ordering="source")
    def origin(self, person):
        if not person.source:
            return _("signed up here")
        return _("imported: %(source)s, %(name)s") % {
            "source": person.source,
            "name": person.source_id,
        }


@admin.register(SignupSettings)
class SignupSettingsAdmin(SingleRowAdmin):
    """The settings for sign-up and second factors."""


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    """Invitations: created, viewed and deleted (which revokes them), but never edited."""

    list_display = ["made_at", "note", "state", "email", "expires_at"]
    fields = ["email", "note"]

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description=_("status"))
    def state(self, invitation):
        if invitation.used_at:
            return pgettext_lazy("invitation", "used")
        is_working = Invitation.objects.working().filter(pk=invitation.pk).exists()
        if is_working:
            return pgettext_lazy("invitation", "unused")
        return pgettext_lazy("invitation", "expired")

    def save_model(self, request, obj, form, change):
        obj.made_by = request.user
        super().save_model(request, obj, form, change)
        if obj.email:
            invitations.send_invitation(obj)
            words = _("The invitation email is on its way.")
        else:
            words = _(
                "This link creates one account and expires in two weeks. Copy it now, as "
                "it won’t be shown again: %(link)s"
            ) % {"link": invitations.make_link(obj)}
        messages.info(request, words)


admin.site.unregister(Authenticator)


@admin.register(Authenticator)
class AuthenticatorAdmin(ReadOnlyAdmin):
    """Second factors, by account. The owner deletes one when its owner has lost it.

    Their data is not shown: the secret of an authenticator app is a key to the account.
    """

    can_be_deleted = True
    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    search_fields = ["user__username__finds"]
    fields = ["user", "type", "created_at", "last_used_at"]


# What became of an email.
QUEUED = pgettext_lazy("email", "queued")
SENT = pgettext_lazy("email", "sent")
FAILED = pgettext_lazy("email", "failed")
NOT_NEEDED = pgettext_lazy("email", "no longer needed")


class StateFilter(admin.SimpleListFilter):
    """Filter mails by delivery state."""

    title = _("status")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("waiting", QUEUED), ("given-up", FAILED), ("sent", SENT)]

    def queryset(self, request, queryset):
        if self.value() == "waiting":
            return queryset.waiting()
        if self.value() == "given-up":
            return queryset.filter(given_up_at__isnull=False)
        if self.value() == "sent":
            return queryset.filter(sent_at__isnull=False)
        return queryset


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    """The outbox. A mail's content is not shown: a link in it may be a key to an account."""

    can_be_deleted = True
    list_display = ["kind", "to_address", "state", "due_at", "attempts", "last_error"]
    list_filter = [StateFilter]
    search_fields = ["to_address__finds"]
    actions = ["try_again"]

    def get_fields(self, request, obj=None):
        return ["kind" if name == "name" else name for name in super().get_fields(request, obj)]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show an email under what it is and to whom it goes; its row has only a number."""
        mail, context = self.get_object(request, object_id), dict(extra_context or {})
        if mail:
            told = {"kind": capfirst(compose.label(mail.name)), "address": mail.to_address}
            context["subtitle"] = _("%(kind)s to %(address)s") % told
        return super().change_view(request, object_id, form_url, context)

    @admin.display(description=_("type of email"), ordering="name")
    def kind(self, mail):
        return compose.label(mail.name)

    @admin.display(description=_("status"))
    def state(self, mail):
        if mail.sent_at:
            return SENT
        if mail.dropped_at:
            return NOT_NEEDED
        return FAILED if mail.given_up_at else QUEUED

    @admin.action(description=_("Retry failed emails"), permissions=["send"])
    def try_again(self, request, queryset):
        count = outbox.try_again(queryset)
        if not count:
            words = _(
                "None of these can be sent again. Only failed emails whose links still "
                "exist can be retried."
            )
            return self.message_user(request, words, messages.WARNING)
        words = ngettext("%d email will be sent again.", "%d emails will be sent again.", count)
        return self.message_user(request, words % count)

    def has_send_permission(self, request):
        """Return whether this user may resend mails: it takes "change", though none is editable."""
        return request.user.has_perm("accounts.change_mail")


@admin.register(Address)
class AddressAdmin(ReadOnlyAdmin):
    can_be_deleted = True
    list_display = ["email", "verified_at", "discreet", "stopped_at", "created_at"]
    list_filter = ["discreet"]
    search_fields = ["email__finds"]
