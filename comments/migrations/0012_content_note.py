"""A comment may be closed behind one topic."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0007_first_content_notes"),
        ("comments", "0011_followers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="content_note",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="blog.contentnote",
            ),
        ),
        migrations.AlterField(
            model_name="moderationaction",
            name="act",
            field=models.CharField(
                choices=[
                    ("hold", "held"),
                    ("approve", "approved"),
                    ("spam", "marked as spam"),
                    ("remove", "removed"),
                    ("restore", "restored"),
                    ("edit", "changed by its writer"),
                    ("withdraw", "taken back by its writer"),
                    ("note", "its content note was changed"),
                    ("disown", "its writer took her name off it"),
                ],
                max_length=20,
                verbose_name="act",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("content_note__isnull", False)),
                fields=["content_note"],
                name="comment_content_note",
            ),
        ),
    ]
