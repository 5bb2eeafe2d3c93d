"""The address of a purged comment leads to its conversation: its post is kept by number."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0007_mailboxes_that_refuse"),
    ]

    operations = [
        migrations.AddField(
            model_name="removedsource",
            name="post",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="blog.post",
            ),
        ),
    ]
