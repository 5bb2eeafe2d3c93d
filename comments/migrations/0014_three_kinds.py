"""Three kinds of reactions to begin with; the owner renames them or switches them off."""

from django.db import migrations

NAMES = ["With you", "Thank you", "Me too"]


def make_kinds(apps, schema_editor):
    kinds = apps.get_model("comments", "ReactionKind").objects.using(schema_editor.connection.alias)
    for place, name in enumerate(NAMES, start=1):
        kinds.get_or_create(folded=name.casefold(), defaults={"name": name, "position": place})


class Migration(migrations.Migration):
    dependencies = [("comments", "0013_reactions")]

    operations = [migrations.RunPython(make_kinds, migrations.RunPython.noop)]
