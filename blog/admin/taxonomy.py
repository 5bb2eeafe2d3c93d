"""The admin of tags, series, content notes and old addresses."""

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, ProtectedError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blog.models import ContentNote, OldAddress, Series, Tag
from blog.permalinks import normalize_path

# Makes slugs from titles as blog.permalinks does, while somebody types.
# Django's own script is listed so that ours is loaded after it.
SLUG_SCRIPTS = ["admin/js/urlify.js", "js/admin/slugs.js"]
NOTE_IN_USE = gettext_lazy(
    "This note is in use, so it can’t be deleted. Tick “No longer offered” instead: posts "
    "and comments that have it keep it."
)


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "number_of_posts"]
    search_fields = ["name__finds", "slug__finds"]
    prepopulated_fields = {"slug": ["name"]}

    class Media:
        js = SLUG_SCRIPTS

    list_max_show_all = 0

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(posts_count=Count("posts"))

    def delete_queryset(self, request, queryset):
        for tag in queryset:
            tag.delete()

    @admin.display(description=gettext_lazy("posts"), ordering="posts_count")
    def number_of_posts(self, tag):
        return tag.posts_count


@admin.register(ContentNote)
class ContentNoteAdmin(admin.ModelAdmin):
    """The vocabulary of content notes. Notes in use are retired, not deleted."""

    list_display = ["name", "description", "order", "retired"]
    list_editable = ["order"]
    list_max_show_all = 0

    def get_actions(self, request):
        return {}  # deleted one by one, with an explanation if that is refused

    def delete_view(self, request, object_id, extra_context=None):
        note = self.get_object(request, object_id)
        try:
            if note and (note.posts.exists() or self.get_deleted_objects([note], request)[3]):
                raise ProtectedError("in use", {note})
            return super().delete_view(request, object_id, extra_context)
        except ProtectedError:
            messages.warning(request, NOTE_IN_USE)
            address = reverse("admin:blog_contentnote_change", args=[note.pk])
            return HttpResponseRedirect(address)


@admin.register(Series)
class SeriesAdmin(TagAdmin):
    """As the admin of tags, but with a title instead of a name."""

    list_display = ["title", "slug", "number_of_posts"]
    search_fields = ["title__finds", "slug__finds"]
    prepopulated_fields = {"slug": ["title"]}


class OldAddressForm(forms.ModelForm):
    """Accepts a path or a URL, and stores the normalized path that requests are compared with."""

    def clean_path(self):
        try:
            return normalize_path(self.cleaned_data["path"])
        except ValueError:
            raise forms.ValidationError(_("This isn’t a valid URL.")) from None


@admin.register(OldAddress)
class OldAddressAdmin(admin.ModelAdmin):
    """Redirects. They are stored automatically; the owner may add or delete some."""

    form = OldAddressForm
    list_display = ["path", "post"]
    list_select_related = ["post"]
    list_max_show_all = 0
    search_fields = ["path__finds", "post__title__finds"]
    raw_id_fields = ["post"]
