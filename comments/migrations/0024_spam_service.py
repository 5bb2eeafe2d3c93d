"""A service on the net that may be asked about comments; nobody is unless the owner says so."""

import django.core.validators
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_outbox_and_addresses"),
        ("blog", "0010_hub_news"),
        ("comments", "0023_same_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="conversationsettings",
            name="spam_service",
            field=models.CharField(
                blank=True,
                help_text="One that is asked like Akismet, such as https://rest.akismet.com/1.1/comment-check. With a key, it gets text and name of comments by people who are not trusted, and the form tells them so first. Empty: nothing leaves this blog.",
                max_length=200,
                validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                verbose_name="address of a spam service",
            ),
        ),
        migrations.AddField(
            model_name="conversationsettings",
            name="spam_service_key",
            field=models.CharField(blank=True, max_length=200, verbose_name="its key"),
        ),
    ]
