"""A comment that its writer took back has no name any more."""

from django.db import migrations, models
from django.db.models import Q

WITHDRAWN = 4
HANDLER = "comments.privacy.departure"


def forget_names(apps, schema_editor):
    Comment = apps.get_model("comments", "Comment")
    requests = apps.get_model("accounts", "ErasureRequest").objects.values_list("kept", flat=True)
    # Those come back with their name if their writer stays.
    waiting = {int(key) for kept in requests for key in kept.get(HANDLER, ())}
    keys = Comment.objects.filter(status=WITHDRAWN).exclude(name="").values_list("pk", flat=True)
    gone = [key for key in keys if key not in waiting]
    for first in range(0, len(gone), 500):
        Comment.objects.filter(pk__in=gone[first : first + 500]).update(name="")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("comments", "0003_wide_versions")]

    operations = [
        migrations.RemoveConstraint(model_name="comment", name="comment_has_writer"),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=Q(user__isnull=False)
                | ~Q(name="")
                | Q(disowned=True)
                | Q(status=WITHDRAWN),
                name="comment_has_writer",
            ),
        ),
        migrations.RunPython(forget_names, migrations.RunPython.noop),
    ]
