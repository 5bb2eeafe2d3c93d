"""A comment that was hidden and comes back appears again, and keeps its first place."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0015_search"),
    ]

    operations = [
        migrations.AddField(
            model_name="appearance",
            name="again",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="appearance",
            name="comment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="appearances",
                to="comments.comment",
                verbose_name="comment",
            ),
        ),
    ]
