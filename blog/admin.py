"""The author's desk: posts and pages, tags, old addresses, the blog's own settings.

An author sees and edits her own posts; what is somebody else's is not found. The owner
sees everything.
"""

import re

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, ProtectedError, Q
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from blog import publishing
from blog.addresses import normal
from blog.markup import with_paragraphs
from blog.models import Blog, Changes, ContentNote, OldAddress, Post, Series, Tag

admin.site.site_header = admin.site.site_title = "Hearth"

# Makes addresses from titles as blog.addresses does, while somebody types.
# Django's own is named so that ours comes after it.
SLUG_SCRIPTS = ["admin/js/urlify.js", "js/desk/slugs.js"]
HAS_COMMENTS = gettext_lazy(
    "Comments belong to this post, so it cannot be deleted. Archive it instead: it then appears "
    "in no list, and its conversation is closed and kept."
)

NOTE_IN_USE = gettext_lazy(
    "Posts or comments have this note, so it cannot be deleted. Tick “not offered any more” "
    "instead: what has it keeps it."
)


class PostForm(forms.ModelForm):
    """Plain text is taken as well as HTML."""

    class Meta:
        help_texts = {
            "body": gettext_lazy("HTML, or plain text: an empty line begins a new paragraph.")
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "published_at" in self.fields:  # not for who may only look
            zone = timezone.get_current_timezone_name()
            self.fields["published_at"].help_text = _("Time zone: %s") % zone

    def clean_body(self):
        return with_paragraphs(self.cleaned_data["body"])


@admin.register(Post)
class PostAdmin(admin.ModelAdmin):
    form = PostForm
    list_display = [
        "title",
        "kind",
        "status",
        "published_at",
        "tag_names",
        "conversation",
    ]
    list_filter = ["status", "kind", "comment_mode", "tags"]
    list_per_page = 50
    list_max_show_all = 0
    search_fields = ["title", "slug", "body"]
    show_full_result_count = False
    date_hierarchy = "published_at"
    ordering = ["-created_at", "-pk"]
    prepopulated_fields = {"slug": ["title"]}

    class Media:
        js = [*SLUG_SCRIPTS, "js/desk/title.js"]

    filter_horizontal = ["tags"]
    actions = ["publish", "take_back", "archive"]
    save_on_top = True

    def get_fieldsets(self, request, obj=None):
        publication = ["status", "published_at"]
        if request.user.is_superuser:
            publication.append("author")
        return [
            (None, {"fields": ["title", "slug", "content_notes", "body", "excerpt", "tags"]}),
            (_("Publication"), {"fields": publication}),
            (_("Series"), {"fields": [("series", "series_position")]}),
            (_("Readers and search engines"), {"fields": ["language", "noindex"]}),
            (_("Conversation"), {"fields": ["comment_mode"]}),
            (_("For pages"), {"fields": ["kind", "parent", "in_menu", "menu_order"]}),
        ]

    # -- whose posts ---------------------------------------------------------------------

    def get_queryset(self, request):
        posts = super().get_queryset(request)
        return posts if request.user.is_superuser else posts.filter(author=request.user)

    def get_object(self, request, object_id, from_field=None):
        post = super().get_object(request, object_id, from_field)
        if post is None:
            raise Http404
        return post

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        changelist.result_list = changelist.result_list.for_list().defer("body")
        return changelist

    def get_changeform_initial_data(self, request):
        return {"author": request.user.pk, **super().get_changeform_initial_data(request)}

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "parent":
            kwargs["queryset"] = Post.objects.visible_to(request.user).pages()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "content_notes":
            kwargs["widget"] = forms.CheckboxSelectMultiple()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Offer the content notes of the vocabulary, and the retired ones that the post has."""
        form = super().get_form(request, obj, change, **kwargs)
        if field := form.base_fields.get("content_notes"):
            used = ContentNote.objects.filter(posts=obj) if obj else ContentNote.objects.none()
            field.queryset = ContentNote.objects.filter(Q(retired=False) | Q(pk__in=used))
        return form

    def save_model(self, request, obj, form, change):
        if not request.user.is_superuser and not change:
            obj.author = request.user
        super().save_model(request, obj, form, change)
        if {"status", "published_at"} & set(form.changed_data):
            self._say(request, publishing.what_readers_see(obj))

    def _say(self, request, sentence):
        if sentence:
            messages.info(request, sentence)

    def view_on_site(self, obj):
        return obj.get_absolute_url()

    @admin.display(description=gettext_lazy("tags"))
    def tag_names(self, post):
        return ", ".join(tag.name for tag in post.tags.all())

    @admin.display(description=gettext_lazy("conversation"), ordering="comment_count")
    def conversation(self, post):
        """How many comments, and the first words of the mode's label; the form has the rest."""
        mode = re.split(r"\s*[:(]", post.get_comment_mode_display())[0]
        return f"{post.comment_count} · {mode}"

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        form.instance.touch()  # tags are stored after the post
        if "tags" in form.changed_data:
            Changes.count(everywhere=True)  # other posts show this one beside theirs

    # -- acts on several -----------------------------------------------------------------

    @admin.action(description=gettext_lazy("Publish now"), permissions=["change"])
    def publish(self, request, queryset):
        self._each(request, queryset, publishing.publish)

    @admin.action(description=gettext_lazy("Take back to draft"), permissions=["change"])
    def take_back(self, request, queryset):
        self._each(request, queryset, publishing.take_back)

    @admin.action(description=gettext_lazy("Archive"), permissions=["change"])
    def archive(self, request, queryset):
        self._each(request, queryset, publishing.archive)

    def _each(self, request, queryset, act):
        posts = list(queryset)
        for post in posts:
            act(post)
            self.log_change(request, post, [{"changed": {"fields": ["status"]}}])
        done = ngettext("%d post was changed.", "%d posts were changed.", len(posts))
        messages.success(request, done % len(posts))

    # -- deleting, one by one ------------------------------------------------------------

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def delete_view(self, request, object_id, extra_context=None):
        post = self.get_object(request, object_id)
        *_rest, protected = self.get_deleted_objects([post], request)
        if self.has_delete_permission(request, post) and protected:
            return self._archive_instead(request, post)
        try:
            return super().delete_view(request, object_id, extra_context)
        except ProtectedError:  # the first comment came between the question and the answer
            return self._archive_instead(request, post)

    def _archive_instead(self, request, post):
        messages.warning(request, HAS_COMMENTS)
        return HttpResponseRedirect(reverse("admin:blog_post_change", args=[post.pk]))


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "posts"]
    search_fields = ["name", "slug"]
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
    def posts(self, tag):
        return tag.posts_count


@admin.register(ContentNote)
class ContentNoteAdmin(admin.ModelAdmin):
    """The vocabulary. What is in use is retired, not deleted."""

    list_display = ["name", "description", "order", "retired"]
    list_editable = ["order"]
    list_max_show_all = 0

    def get_actions(self, request):
        return {}  # deleting is one by one, with a sentence where it cannot be

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
    """As tags, but with a title."""

    list_display = ["title", "slug", "posts"]
    search_fields = ["title", "slug"]
    prepopulated_fields = {"slug": ["title"]}


class OldAddressForm(forms.ModelForm):
    """A whole URL may be pasted; what is kept of it is what requests are compared with."""

    def clean_path(self):
        try:
            return normal(self.cleaned_data["path"])
        except ValueError:
            raise forms.ValidationError(_("This is not an address.")) from None


@admin.register(OldAddress)
class OldAddressAdmin(admin.ModelAdmin):
    """Redirects are kept by themselves; the owner may add one or take one away."""

    form = OldAddressForm
    list_display = ["path", "post"]
    list_select_related = ["post"]
    list_max_show_all = 0
    search_fields = ["path", "post__title"]
    raw_id_fields = ["post"]


@admin.register(Blog)
class BlogAdmin(admin.ModelAdmin):
    """One row: the list leads straight to it."""

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        return HttpResponseRedirect(reverse("admin:blog_blog_change", args=[Blog.get().pk]))
