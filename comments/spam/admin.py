"""Admin pages for the owner's phrases and for the state of the spam classifier."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.base_admin import ReadOnlyAdmin, SingleRowAdmin
from comments.models import ClassifierState, Phrase
from comments.models.checks import folded
from comments.spam import bayes, phrases
from comments.spam.cache import model_of

# Shorter patterns with a star match nearly every comment.
LEAST_LETTERS = 3
SIGNS = gettext_lazy(
    "Matches whole words and ignores case and accents. The only wildcard is * at the "
    "start or end of a word: “casino*” also matches “casinos”."
)


class PhraseForm(forms.ModelForm):
    """The form of a phrase; refuses one that matches nothing, or nearly everything."""

    class Meta:
        model = Phrase
        fields = ["kind", "text", "language", "is_active"]
        help_texts = {
            "text": SIGNS,
            "language": gettext_lazy(
                "A code such as “de” limits it to posts in that language; leave empty for "
                "all posts. Care phrases always match on all posts."
            ),
        }

    def clean_text(self):
        text = " ".join(self.cleaned_data["text"].split())
        refuse_useless(text)
        return text

    def clean_language(self):
        return self.cleaned_data["language"].strip().partition("-")[0].lower()


def refuse_useless(text):
    """Raise ValidationError for a phrase that could match nothing, or nearly everything."""
    parts = folded(text).split()
    cores = [part.strip("*") for part in parts]
    if not any(cores):
        raise forms.ValidationError(_("Please enter at least one letter or number."))
    if any("*" in core for core in cores):
        raise forms.ValidationError(_("A * can only be at the start or end of a word."))
    starred = [core for part, core in zip(parts, cores, strict=True) if "*" in part]
    if len(starred) == len(parts) and max(map(len, starred)) < LEAST_LETTERS:
        raise forms.ValidationError(
            _("This would match almost every comment. Please use more letters with the *.")
        )


class TryForm(forms.Form):
    """A sample text to try the phrases on, and optionally a phrase not listed yet."""

    text = forms.CharField(
        label=gettext_lazy("Sample text"),
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        help_text=gettext_lazy("It’s checked, but not saved."),
    )
    phrase = forms.CharField(
        label=gettext_lazy("New phrase to test (optional)"),
        required=False,
        max_length=Phrase._meta.get_field("text").max_length,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=SIGNS,
    )

    def clean_phrase(self):
        if text := self.cleaned_data["phrase"].strip():
            refuse_useless(text)
        return text

    def found(self):
        """Return ``(listed phrases found in the text, whether the new one is found)``."""
        text, wanted = self.cleaned_data["text"], self.cleaned_data["phrase"]
        listed = phrases.find_phrases(text, Phrase.objects.active())
        return listed, bool(wanted) and bool(phrases.find_phrases(text, [Phrase(text=wanted)]))


@admin.register(Phrase)
class PhraseAdmin(admin.ModelAdmin):
    form = PhraseForm
    list_display = ["text", "kind", "language", "is_active"]
    list_filter = ["kind", "is_active"]
    list_max_show_all = 0
    search_fields = ["text__finds"]

    def changelist_view(self, request, extra_context=None):
        named = {"title": capfirst(Phrase._meta.verbose_name_plural), **(extra_context or {})}
        return super().changelist_view(request, named)

    def get_urls(self):
        own = path("try/", self.admin_site.admin_view(self.try_out), name="comments_phrase_try")
        return [own, *super().get_urls()]

    def try_out(self, request):
        """Show which phrases a text contains; by POST, to keep the text out of URLs."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = TryForm(request.POST or None)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Test watched words"),
            "opts": Phrase._meta,
            "form": form,
        }
        if form.is_valid():
            context["tried"] = True
            context["found"], context["new_found"] = form.found()
            context["new"] = form.cleaned_data["phrase"]
        return TemplateResponse(request, "admin/comments/phrase/try.html", context)


@admin.register(ClassifierState)
class ClassifierStateAdmin(SingleRowAdmin, ReadOnlyAdmin):
    """A read-only page on what the spam classifier has learned."""

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().changelist_view(request, extra_context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if request.method == "POST" or not self.has_view_permission(request):
            raise PermissionDenied
        row = ClassifierState.get()
        model = model_of(row)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Spam filter"),
            "opts": ClassifierState._meta,
            "row": row,
            "model": model,
            "quality": bayes.Quality(**row.quality),
            "least": bayes.LEAST_EXAMPLES,
            "for_spam": model.strongest(1),
            "against": model.strongest(-1),
        }
        return TemplateResponse(request, "admin/comments/classifierstate/detail.html", context)
