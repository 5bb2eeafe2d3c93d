"""Posts have a lead image and may show the help block, which may be a page."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0017_readers_by_mail"),
    ]

    operations = [
        migrations.AddField(
            model_name="blog",
            name="help_page",
            field=models.ForeignKey(
                blank=True,
                help_text="Its text stands below posts that show the help block, and on the receipt of whoever seems to need help. Empty, or while readers cannot read the page: the help text of the settings of the conversation.",
                limit_choices_to={"kind": "page"},
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="blog.post",
                verbose_name="page that is the help block",
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="lead_alt",
            field=models.CharField(
                blank=True,
                help_text="For people who cannot see it. Empty: what the library says of it.",
                max_length=1000,
                verbose_name="what it shows",
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="lead_image",
            field=models.ForeignKey(
                blank=True,
                help_text="Stands above the text, small in lists, and where others link to the post.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="leads",
                to="blog.image",
                verbose_name="lead image",
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="show_help",
            field=models.BooleanField(
                default=False,
                help_text="Below the text: somebody to turn to, in the words of this blog.",
                verbose_name="show the help block",
            ),
        ),
    ]
