"""What readers get of a post's text is stored beside it."""

from django.db import migrations, models

from blog.migrations._highest_key import AddField


class Migration(migrations.Migration):
    dependencies = [("blog", "0011_front_layout")]

    operations = [
        AddField("post", "body_html", models.TextField(blank=True, default="", editable=False)),
        AddField(
            "post",
            "render_version",
            models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddIndex(
            "post", models.Index(fields=["render_version"], name="blog_post_rendered")
        ),
    ]
