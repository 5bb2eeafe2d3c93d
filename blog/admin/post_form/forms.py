"""The post form of the admin: HTML or plain text, tags as text, buttons that publish.

``author`` (the signed-in user) and ``draft`` (an unsaved revision to start from) are set on the
form class that the admin creates for each request.
"""

import secrets

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.text.folding import caseless
from blog import permalinks
from blog.admin.post_form.editor_widget import Editor
from blog.admin.post_form.moment import MomentField
from blog.markup import with_paragraphs
from blog.models import Post, Tag
from blog.newsletter import notices
from blog.publishing import publish, revisions, tag_input, trash

MOST_TAGS = 30
CHANGED_MEANWHILE = gettext_lazy(
    "This post was saved elsewhere after you opened it. Nothing was lost or overwritten; "
    "compare both versions below."
)


class TagsInput(forms.TextInput):
    """A text input that suggests existing tags through a datalist."""

    def render(self, name, value, attrs=None, renderer=None):
        names = Tag.objects.values_list("name", flat=True)
        known = format_html_join("", '<option value="{}">', ([tag_input.quoted(n)] for n in names))
        line = super().render(name, value, attrs, renderer)
        return format_html('{}<datalist id="id_{}_known">{}</datalist>', line, name, known)


class TagsField(forms.CharField):
    """Comma-separated tag names; the cleaned value is a list of names."""

    widget = TagsInput(attrs={"class": "vTextField", "list": "id_tags_known"})

    def prepare_value(self, value):
        if value is None or isinstance(value, str):
            return value
        return tag_input.joined(tag.name for tag in value)

    def to_python(self, value):
        return tag_input.split(super().to_python(value))

    def validate(self, value):
        super().validate(value)
        longest = Tag._meta.get_field("name").max_length
        if any(len(name) > longest for name in value):
            raise ValidationError(_("A tag can have up to %d characters.") % longest)
        if len(value) > MOST_TAGS:
            raise ValidationError(_("A post can have up to %d tags.") % MOST_TAGS)

    def run_validators(self, value):
        """Skip the validators of CharField: the value is a list."""

    def has_changed(self, initial, data):
        before = tag_input.split(self.prepare_value(initial) or "")
        return {*map(caseless, before)} != {*map(caseless, tag_input.split(data or ""))}


class PressedButtonField(forms.CharField):
    """The ``PublishAction`` of the button that was pressed; empty for plain Save."""

    def clean(self, value):
        return value if value in publish.PublishAction.values else ""


class PostForm(forms.ModelForm):
    """The form of a post or a page; the body may be HTML or plain text."""

    author = draft = None
    published_at = MomentField(label=gettext_lazy("Publish date"), required=False)
    tags = TagsField(
        label=gettext_lazy("Tags"),
        required=False,
        help_text=gettext_lazy("Separate tags with commas; new tags are created automatically."),
    )
    # Hidden: the token of this opened form, that of the draft it started from, its base version.
    form_token = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)
    draft_token = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    # Buttons: the publish action, and the version that is knowingly overwritten.
    act = PressedButtonField(required=False)
    over = forms.IntegerField(required=False, min_value=0)
    HIDDEN = ("form_token", "draft_token", "version")

    class Meta:
        help_texts = {
            "body": gettext_lazy("HTML or plain text. A blank line starts a new paragraph.")
        }
        widgets = {
            "body": Editor,
            "title": forms.Textarea(
                attrs={"rows": 1, "placeholder": gettext_lazy("Title"), "enterkeyhint": "next"}
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.meanwhile = None
        self.fields["form_token"].initial = secrets.token_urlsafe(16)
        self.fields["version"].initial = self.instance.version
        if not (self.instance.slug_chosen or self.instance.has_been_public):
            self.initial["slug"] = ""  # it follows the title
        if self.draft and not self.is_bound:
            self._begin_with(self.draft)
        if "by_mail" in self.fields:
            label, notice, is_too_late = notices.field_notice(self.instance)
            self.fields["by_mail"].label = label
            self.fields["by_mail"].help_text = notice
            self.fields["by_mail"].disabled = is_too_late
            if is_too_late:  # an unsaved draft may hold another value
                self.initial["by_mail"] = self.instance.by_mail
        if "comment_mode" in self.fields and self.instance.pk:
            self._name_default_mode(self.fields["comment_mode"])
        if "published_at" in self.fields:  # absent with view permission only
            zone = timezone.get_current_timezone_name()
            self.fields["published_at"].help_text = _("Time zone: %s") % zone

    def _name_default_mode(self, field):
        """Say what the default means for this kind of post; a new one has no kind yet."""
        is_page = self.instance.kind == Post.Kind.PAGE
        label = _("no comments (default for pages)") if is_page else _("blog default")
        named = {Post.CommentMode.DEFAULT.value: label}
        field.choices = [(value, named.get(value, text)) for value, text in field.choices]

    def _begin_with(self, draft):
        known = {name: value for name, value in draft.fields.items() if name in self.fields}
        # Older forms filled in the slug themselves.
        if permalinks.is_made_from(known.get("slug") or "", known.get("title") or ""):
            known["slug"] = self.initial.get("slug") or ""
        self.initial = {**self.initial, **known}
        self.fields["draft_token"].initial = draft.form
        self.fields["version"].initial = draft.version

    @property
    def typed(self):
        """The submitted values by field, as :mod:`blog.publishing.revisions` stores them."""
        return {
            name: field.widget.value_from_datadict(self.data, {}, self.add_prefix(name))
            for name, field in self.fields.items()
            if name not in {*self.HIDDEN, "act", "over"} and not isinstance(field, forms.FileField)
        }

    @property
    def changed_data(self):
        """The changed fields of the post, without the form's own control fields."""
        own = {*self.HIDDEN, "act", "over"}
        return [name for name in super().changed_data if name not in own]

    @property
    def tokens(self):
        """The tokens of this opened form and of the draft it started from."""
        sent = (self.data.get("form_token", ""), self.data.get("draft_token", ""))
        return [token[:32] for token in sent]

    @property
    def built_on(self):
        """The Post.version from when the form was opened; 0 if missing or malformed."""
        sent = self.data.get("version", "")
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean_slug(self):
        """Return the slug; that of a public post can be changed, but not emptied."""
        kept = self.instance.slug if self.instance.has_been_public else ""
        given = self.cleaned_data["slug"]
        if given and "slug" in self.changed_data:
            self.instance.slug_chosen = True  # also if it is what the title would give
        return given or kept

    # Whether whoever sends this may take the post out of the trash; the admin decides.
    may_restore = False

    def clean_published_at(self):
        """Return the date; one that was not changed keeps the seconds that the form hides."""
        date, stored = self.cleaned_data["published_at"], self.instance.published_at
        is_same = date and stored and date == stored.replace(second=0, microsecond=0)
        return stored if is_same else date

    def focus_error(self):
        """Give the focus to the first field with an error."""
        wrong = [name for name in self.fields if name in self.errors and name != "body"]
        for name in wrong[:1]:
            widget = self.fields[name].widget
            getattr(widget, "widgets", [widget])[0].attrs["autofocus"] = True

    def clean_body(self):
        return with_paragraphs(self.cleaned_data["body"])

    def clean(self):
        cleaned = super().clean()
        self._look_into_trash(cleaned)
        tick = self.fields.get("by_mail")
        if cleaned.get("kind") != Post.Kind.POST and (tick is None or tick.disabled):
            # It was sent while it was a post; nobody could take the tick away here.
            self.instance.by_mail = cleaned["by_mail"] = False
        if (act := cleaned.get("act")) and act != publish.PublishAction.RESTORE:
            date = cleaned.get("published_at")
            self.instance.status, cleaned["published_at"] = publish.state_after(act, date)
        elif self.instance.is_to_come and "published_at" in cleaned:
            publish.check_date(cleaned["published_at"])  # saving alone publishes nothing
        changed = self.changed_data
        if "lead_image" in changed and "lead_alt" not in changed:
            cleaned["lead_alt"] = ""  # it described another image
        self._see_what_happened_meanwhile(cleaned)
        return cleaned

    def _look_into_trash(self, cleaned):
        """Take a post out of the trash if that was asked for; otherwise it is not saved."""
        rows = Post.objects.select_for_update().in_trash().filter(pk=self.instance.pk)
        if self.instance.pk is None or not rows.exists():
            return
        if not self.may_restore:
            raise ValidationError(trash.NOT_YOURS, code="trash")
        if cleaned.get("act") != publish.PublishAction.RESTORE:
            raise ValidationError(trash.IN_TRASH, code="trash")
        if self.instance.is_in_trash:
            trash.bring_out(self.instance)

    def _see_what_happened_meanwhile(self, cleaned):
        """Refuse to overwrite a version that the author has not seen."""
        built_on = cleaned.get("version")
        if self.instance.pk is None or built_on is None:
            return
        stored = Post.objects.select_for_update().get(pk=self.instance.pk)
        if stored.version not in {built_on, cleaned.get("over")}:
            self.meanwhile = stored
            raise ValidationError(CHANGED_MEANWHILE, code="meanwhile")

    def _save_m2m(self):
        if "tags" in self.cleaned_data:
            self.cleaned_data["tags"] = Tag.named(self.cleaned_data["tags"])
        super()._save_m2m()

    def kept(self):
        """Store the state that was just saved as a revision; return it."""
        return revisions.save_revision(self.instance, self.author, self.tokens)
