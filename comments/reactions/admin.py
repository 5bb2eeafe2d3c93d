"""The kinds of reactions in the admin. Nobody is shown who reacted."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _

from accounts.text.folding import caseless
from comments.markup import is_blank
from comments.models import ReactionKind


class ReactionKindForm(forms.ModelForm):
    class Meta:
        model = ReactionKind
        fields = ["name", "position", "is_offered"]

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        if is_blank(name):
            raise forms.ValidationError(_("Please enter the text for this button."))
        if ReactionKind.objects.exclude(pk=self.instance.pk).filter(folded=caseless(name)).exists():
            raise forms.ValidationError(_("There’s already a reaction with this text."))
        return name


@admin.register(ReactionKind)
class ReactionKindAdmin(admin.ModelAdmin):
    """A short list; a kind in use can be switched off, not deleted."""

    form = ReactionKindForm
    list_display = ["name", "position", "is_offered"]
    list_editable = ["position"]
    actions = None

    def has_delete_permission(self, request, obj=None):
        used = obj is not None and obj.reactions.exists()
        return not used and super().has_delete_permission(request, obj)
