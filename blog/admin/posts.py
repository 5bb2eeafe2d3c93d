"""The admin of posts and pages, and of the blog's settings.

Authors see and edit their own posts; other people's are 404. The owner sees everything.
"""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from blog.admin.post_form import lead_image_field
from blog.admin.post_form.autosave import AutosaveAdmin
from blog.admin.post_form.forms import PostForm
from blog.admin.post_form.mailing import MailingAdmin
from blog.admin.post_form.previews import PreviewAdmin
from blog.admin.post_form.revisions import RevisionsAdmin
from blog.admin.post_form.test_mail import TestMailAdmin
from blog.admin.post_form.trash import TrashAdmin
from blog.admin.taxonomy import SLUG_SCRIPTS
from blog.images import alt_texts
from blog.models import ChangeCounter, ContentNote, Post
from blog.newsletter import notices, send
from blog.publishing import publish as publishing_publish
from blog.publishing import removed

# Where no template shows the blog's own title, and the title of the first page.
admin.site.site_header = admin.site.site_title = "Hearth"
admin.site.index_title = gettext_lazy("Dashboard")
admin.site.enable_nav_sidebar = False  # the header bar and the settings hub lead everywhere

MOST_WORDS = 8  # that the list looks for


# The modes of comments in a word; the form explains them.
MODES = {
    Post.CommentMode.DEFAULT: pgettext_lazy("comments of a post", "blog default"),
    Post.CommentMode.OPEN: pgettext_lazy("comments of a post", "open"),
    Post.CommentMode.FIRST_TIMERS: pgettext_lazy("comments of a post", "first-timers"),
    Post.CommentMode.MODERATED: pgettext_lazy("comments of a post", "moderated"),
    Post.CommentMode.CLOSED: pgettext_lazy("comments of a post", "closed"),
    Post.CommentMode.HIDDEN: pgettext_lazy("comments of a post", "hidden"),
}


class StatusFilter(admin.ChoicesFieldListFilter):
    """The statuses of what the list has; the trash is a page of its own."""

    def choices(self, changelist):
        return [
            each
            for each in super().choices(changelist)
            if each["display"] != Post.Status.TRASH.label
        ]


@admin.register(Post)
class PostAdmin(
    AutosaveAdmin,
    PreviewAdmin,
    TestMailAdmin,
    MailingAdmin,
    RevisionsAdmin,
    TrashAdmin,
    admin.ModelAdmin,
):
    form = PostForm
    list_display = [
        "title",
        "kind",
        "status",
        "published_at",
        "tag_names",
        "conversation",
    ]
    list_filter = [("status", StatusFilter), "kind", "comment_mode", "tags"]
    list_per_page = 50
    list_max_show_all = 0
    search_fields = ["title__finds", "slug__finds", "body__finds"]
    show_full_result_count = False
    date_hierarchy = "published_at"
    ordering = ["-created_at", "-pk"]

    class Media:
        js = [
            *SLUG_SCRIPTS,
            *(f"js/admin/{name}.js" for name in ("address", "writing", "tag-input", "autosave")),
        ]
        css = {"all": [f"css/editor/{name}.css" for name in ("boxes", "post-form", "post-bar")]}

    actions = ["publish", "take_back", "archive"]

    def get_search_results(self, request, queryset, search_term):
        """Look for a few words: each is compared with every text."""
        words = " ".join(search_term.split()[:MOST_WORDS])
        return super().get_search_results(request, queryset, words)

    def get_fieldsets(self, request, obj=None):
        """Return the text, what the panel *Publish* asks, and the folded groups beside the text."""

        def side(name, *fields):
            return (name, {"fields": fields, "classes": ["side"]})

        address = ["slug", "published_at"]
        if obj and (obj.is_listed or obj.is_in_trash):  # nothing is asked before publishing
            beside = [side(_("URL and date"), *address)]
        else:
            panel = {"fields": [*address, "by_mail"], "classes": ["publish"]}
            beside = [(_("Publish"), panel)]
        return [
            (None, {"fields": ["title", "body"]}),
            *beside,
            side(_("Image and excerpt"), "lead_image", "lead_alt", "excerpt"),
            side(_("Content notes and help"), "content_notes", "show_help"),
            side(_("Tags and series"), "tags", "series", "series_position"),
            side(_("Comments"), "comment_mode"),
            side(_("Language and search engines"), "language", "noindex"),
            side(_("Use as a page"), "kind", "parent", "in_menu", "menu_order"),
            *([side(_("Author"), "author")] if request.user.is_superuser else []),
        ]

    # -- whose posts ---------------------------------------------------------------------

    def of_person(self, request):
        """Return the posts that this person may open, also those in the trash."""
        posts = super().get_queryset(request)
        return posts if request.user.is_superuser else posts.filter(author=request.user)

    def get_queryset(self, request):
        return self.of_person(request).outside_trash()

    def get_object(self, request, object_id, from_field=None):
        try:
            return self.of_person(request).get(pk=self.opts.pk.to_python(object_id))
        except (Post.DoesNotExist, ValidationError) as error:
            raise Http404 from error

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        changelist.result_list = changelist.result_list.for_list().defer("body")
        return changelist

    def get_changeform_initial_data(self, request):
        return {"author": request.user.pk, **super().get_changeform_initial_data(request)}

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "lead_image":
            kwargs |= lead_image_field.lead_image_field_for(request.user)
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
        if field := form.base_fields.get("lead_image"):
            field.widget = field.widget.widget  # no add/change links: the library has a dialog
        form.may_restore = obj is not None and self.has_delete_permission(request, obj)
        return form

    def save_model(self, request, obj, form, change):
        if not request.user.is_superuser and not change:
            obj.author = request.user
        super().save_model(request, obj, form, change)
        alt_texts.store_alt_texts(obj, request.user)
        for sentence in removed.sentences(form.typed.get("body") or "", obj.body):
            messages.warning(request, sentence)
        if "published_at" in form.changed_data or form.cleaned_data.get("act"):
            self._say(request, publishing_publish.visibility_notice(obj))
        if form.cleaned_data.get("act"):
            send.note(obj)
            self._say(request, notices.mail_notice(obj))

    def _say(self, request, sentence):
        if sentence:
            messages.info(request, sentence)

    def view_on_site(self, obj):
        return obj.get_absolute_url()

    @admin.display(description=gettext_lazy("tags"))
    def tag_names(self, post):
        return ", ".join(tag.name for tag in post.tags.all())

    @admin.display(description=gettext_lazy("comments"), ordering="comment_count")
    def conversation(self, post):
        """The number of comments, and their mode in a word."""
        return f"{post.comment_count} · {MODES[post.comment_mode]}"

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        form.instance.touch()  # tags are stored after the post
        if "tags" in form.changed_data:
            ChangeCounter.count(everywhere=True)  # other posts show this one beside theirs

    # -- bulk actions --------------------------------------------------------------------

    @admin.action(description=gettext_lazy("Publish now"), permissions=["change"])
    def publish(self, request, queryset):
        self._each(request, queryset, publishing_publish.publish)

    @admin.action(description=gettext_lazy("Revert to draft"), permissions=["change"])
    def take_back(self, request, queryset):
        self._each(request, queryset, publishing_publish.take_back)

    @admin.action(description=pgettext_lazy("verb", "Archive"), permissions=["change"])
    def archive(self, request, queryset):
        self._each(request, queryset, publishing_publish.archive)

    def _each(self, request, queryset, act):
        posts = list(queryset)
        for post in posts:
            act(post)
            self.log_change(request, post, [{"changed": {"fields": ["status"]}}])
        done = ngettext("%d post updated.", "%d posts updated.", len(posts))
        messages.success(request, done % len(posts))

    # -- deleting: see TrashAdmin --------------------------------------------------------

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions
