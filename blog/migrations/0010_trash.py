"""Deleted posts are kept in the trash for a while."""

from django.db import migrations, models
from django.db.models import Q

from blog.migrations._highest_key import AddConstraint, AddField, AlterField, RemoveConstraint

STATUSES = [
    ("draft", "draft"),
    ("scheduled", "scheduled"),
    ("published", "published"),
    ("archived", "archived"),
    ("trash", "in the trash"),
]
WITHOUT_DATE = Q(("status__in", ["draft", "trash"]))


class Migration(migrations.Migration):
    dependencies = [("blog", "0009_addresses_follow_titles")]

    operations = [
        RemoveConstraint(model_name="post", name="blog_post_public_has_date"),
        RemoveConstraint(model_name="post", name="blog_post_status"),
        AlterField(
            "post",
            "status",
            models.CharField(
                choices=STATUSES, default="draft", max_length=9, verbose_name="status"
            ),
        ),
        AddField(
            "post",
            "trashed_from",
            models.CharField(blank=True, choices=STATUSES, editable=False, max_length=9),
        ),
        AddField("post", "trashed_at", models.DateTimeField(editable=False, null=True)),
        AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=WITHOUT_DATE | Q(("published_at__isnull", False)),
                name="blog_post_public_has_date",
                violation_error_message="A post that isn’t a draft needs a publish date.",
            ),
        ),
        AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=Q(("status__in", [each for each, _name in STATUSES])),
                name="blog_post_status",
            ),
        ),
        AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=Q(("status", "trash"), ("trashed_at__isnull", False))
                | Q(~Q(("status", "trash")), ("trashed_at__isnull", True)),
                name="blog_post_in_trash_since",
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                condition=Q(("trashed_at__isnull", False)),
                fields=["trashed_at"],
                name="blog_post_trash",
            ),
        ),
    ]
