"""The admin of the image library, and the upload and library endpoints of the editor.

Both endpoints are 404 for anybody who may not add images, and so are other people's images.
"""

import re
from pathlib import PurePath

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import ProtectedError, Q
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse
from django.utils.html import escape, format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.refusal import Refused
from blog.images.drawing_queue import Busy
from blog.models import Image
from blog.publishing import image_usage

A_PAGE = 24  # images per page of the editor's library
ACCEPTED = "image/jpeg,image/png,image/webp,image/avif,image/gif"
IN_USE = gettext_lazy(
    "This image is in use, so it can’t be deleted. Remove it from the text first."
)


class ImageForm(forms.ModelForm):
    """Title and description of an image."""

    class Meta:
        model = Image
        fields = ["title", "alt", "decorative"]
        widgets = {"alt": forms.Textarea(attrs={"rows": 3})}


class NewImageForm(ImageForm):
    """Upload of an image into the library of ``person``."""

    person = None
    busy = None  # the refusal, if the picture has to be sent again later
    upload = forms.FileField(
        label=gettext_lazy("Image"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        allow_empty_file=True,  # Image.keep refuses it with a better message
        help_text=gettext_lazy(
            "JPEG, PNG, WebP, AVIF or GIF, up to 25 MB and 50 megapixels. The place and "
            "time it was taken aren’t kept. Only the first frame of an animation is."
        ),
    )

    def clean(self):
        super().clean()
        if not self.errors:
            try:
                self.instance = Image.keep(self.cleaned_data["upload"], self.person)
            except Refused as refusal:
                self.busy = refusal if isinstance(refusal, Busy) else None
                self.add_error("upload", refusal.sentence)


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin):
    """An author's own pictures; the owner sees all."""

    list_display = ["preview", "named", "alt", "decorative", "measures", "created_at"]
    list_display_links = ["preview", "named"]
    list_filter = ["decorative"]
    list_per_page = 50
    list_max_show_all = 0
    search_fields = ["title__finds", "alt__finds", "file__finds"]
    readonly_fields = ["preview", "measures", "html"]

    class Media:
        css = {"all": ["css/editor/image-library.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def get_object(self, request, object_id, from_field=None):
        image = super().get_object(request, object_id, from_field)
        if image is None:
            raise Http404
        return image

    def get_form(self, request, obj=None, change=False, **kwargs):
        own = type("OwnImageForm", (NewImageForm,), {"person": request.user})
        return super().get_form(request, obj, change, form=ImageForm if obj else own, **kwargs)

    def render_change_form(self, request, context, *args, **kwargs):
        response = super().render_change_form(request, context, *args, **kwargs)
        if busy := getattr(context["adminform"].form, "busy", None):
            response.status_code, response["Retry-After"] = 503, busy.retry_after
        return response

    def get_fields(self, request, obj=None):
        about = ["title", "alt", "decorative"]
        return ["preview", *about, "measures", "html"] if obj else ["upload", *about]

    def get_actions(self, request):
        return {}  # deleted one by one, with an explanation if that is refused

    def delete_view(self, request, object_id, extra_context=None):
        image = self.get_object(request, object_id)
        if self.has_delete_permission(request, image) and image_usage.is_used(image):
            return self._kept(request, image)
        try:
            return super().delete_view(request, object_id, extra_context)
        except ProtectedError:  # a post started to use it meanwhile
            return self._kept(request, image)

    def _kept(self, request, image):
        messages.warning(request, IN_USE)
        return HttpResponseRedirect(reverse("admin:blog_image_change", args=[image.pk]))

    @admin.display(description=gettext_lazy("image"))
    def preview(self, image):
        return format_html('<img class="picture-preview" src="{}" alt="">', image.thumbnail)

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def named(self, image):
        return image.title or _("untitled")

    @admin.display(description=gettext_lazy("dimensions"))
    def measures(self, image):
        return f"{image.width} × {image.height}"

    @admin.display(description=gettext_lazy("HTML code"))
    def html(self, image):
        """The markup to paste when writing HTML by hand."""
        silent = image.decorative or image.alt
        alt = f' alt="{escape(image.alt)}"' if silent else ""
        return format_html("<code>{}</code>", f'<figure><img src="{image.url}"{alt}></figure>')

    # -- endpoints of the editor ---------------------------------------------------------

    def get_urls(self):
        return [
            path("upload/", self._for_authors(upload), name="blog_image_upload"),
            path("library/", self._for_authors(library), name="blog_image_library"),
            *super().get_urls(),
        ]

    def _for_authors(self, view):
        """Answer 404 to anybody else: a script cannot follow a redirect to the login form."""

        def guarded(request):
            if not self.admin_site.has_permission(request) or not self.has_add_permission(request):
                raise Http404
            return view(request)

        return guarded


@require_POST
def upload(request):
    """Store ``file`` in the library; return the image as JSON, or an ``error`` with 400 or 503."""
    file = request.FILES.get("file")
    if file is None:
        return JsonResponse({"error": _("The image didn’t arrive. Please try again.")}, status=400)
    try:
        image = Image.keep(file, request.user, title=_title(file.name))
    except Busy as busy:
        headers = {"Retry-After": busy.retry_after}
        return JsonResponse({"error": busy.sentence}, status=503, headers=headers)
    except Refused as refusal:
        return JsonResponse({"error": refusal.sentence}, status=400)
    return JsonResponse(_told(image))


@require_safe
def library(request):
    """Return a page of the user's images as JSON. Query parameters: ``q``, ``page``."""
    images = Image.objects.visible_to(request.user)
    if wanted := request.GET.get("q", "").replace("\0", "").strip():
        images = images.filter(Q(title__finds=wanted) | Q(alt__finds=wanted))
    page = Paginator(images, A_PAGE).get_page(request.GET.get("page"))
    following = page.next_page_number() if page.has_next() else None
    return JsonResponse({"pictures": [_told(image) for image in page], "next": following})


def _told(image):
    return {
        "key": image.pk,
        "src": image.url,
        "thumbnail": image.thumbnail,
        "title": image.title,
        "alt": image.alt,
        "decorative": image.decorative,
        "width": image.width,
        "height": image.height,
    }


def _title(name):
    """Return a title made from a file name."""
    return " ".join(re.split(r"[\W_]+", PurePath(name).stem)).strip()
