"""Whether mails are discreet is a wish of a person now: whoever had it for one has it for all."""

from django.db import migrations


def forward(apps, schema_editor):
    alias = schema_editor.connection.alias
    rows = apps.get_model("comments", "Following").objects.using(alias)
    discreet = rows.filter(user__isnull=False, discreet=True).values("user")
    people = apps.get_model("accounts", "User").objects.using(alias)
    people.filter(pk__in=discreet).update(discreet=True)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_profiles_invitations_and_sign_ins"),
        ("comments", "0035_taking_a_break"),
    ]

    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
