"""Whatever people read can be translated: no literal stands in a page, a message or a script."""

from tests.house import unmarked_text

# What is not to be translated, and why. A path ends the entry of one file.
EXCEPTIONS = {
    "Hearth": "a name",
    "utf-8": "the name of an encoding, in an error that no page shows",
    "queue-page queue": "a class",
    "submit": "a type of buttons",
    "light dark": "a value of meta color-scheme",
    "answer": "a value that is sent",
    "true,false": "values of aria-pressed",
    "words": "the name of a step, as the log has it",
    "traces": "the name of a step, as the log has it",
    "comment": "an argument of a function of the database",
    "default: %(default)s": "a number or a path alone",
    "use strict": "JavaScript’s own",
    "post-page": "a class",
    ' aria-label="': "the name of an attribute",
    'class="column"': "an attribute alone",
    "Video": "in the text of a post, where an import leaves it for its author",
    "Audio": "the same",
    "Embedded": "the same",
    'data-report="" data-report-of=" "': "attributes alone",
    'data-new="" data-next="" data-fresh="" data-brought=""': "attributes alone",
}
# A redirect of an import is of one kind or the other; no page and no form has the choice.
KINDS_NOBODY_SEES = {"blog/models/redirects.py"}
# Programs that run on a server: what they write goes into its log, in one language, by which it
# can be searched for, as with Django’s own.
LOGS = {f"config/management/commands/{name}.py" for name in ("run", "run_due", "serve")}


def unmarked(root, pattern, find):
    found = []
    for folder in ("accounts", "blog", "comments", "config", "static/js", "templates"):
        for path in sorted((root / folder).rglob(pattern)):
            name = str(path.relative_to(root))
            if "migrations" not in path.parts and name not in LOGS | KINDS_NOBODY_SEES:
                found += [f"{name}: {text}" for text in find(path.read_text())]
    return [each for each in found if each.partition(": ")[2] not in EXCEPTIONS]


def test_no_template_holds_unmarked_text(root):
    for pattern in ("*.html", "*.txt", "*.svg"):
        assert unmarked(root, pattern, unmarked_text.in_template) == []


def test_no_module_holds_unmarked_text(root):
    assert unmarked(root, "*.py", unmarked_text.in_python) == []


def test_no_script_holds_unmarked_text(root):
    assert unmarked(root, "*.js", unmarked_text.in_script) == []


def test_it_finds_what_is_unmarked_in_a_template():
    source = """{% load i18n %}<p title="Now" class="box">{% if x %}Read{% endif %}
        {{ y|default:"none" }}
        {% blocktranslate %}One{% endblocktranslate %}{% translate "Two" %}{# Three #}</p>
        <code>four</code><input type="submit" value="Five"><input value="six">
        <img alt="{{ z }}">{% include "a.html" with label="Seven" %}"""
    assert unmarked_text.in_template(source) == ["none", "Seven", "Now", "Read", "Five"]


def test_it_finds_what_is_unmarked_in_python():
    source = """
NOTE = "One"
messages.success(request, NOTE)
messages.info(request, _("marked"))
raise ValidationError("Two %s" % x, code="code")
raise Refused(f"Three {x}" if y else _("marked"))
self.stdout.write("Four {}".format(x))
field = models.CharField("five", help_text="six", max_length=3)
other = models.ForeignKey("app.Model", verbose_name=_("marked"))
class Kind(models.TextChoices):
    ONE = "1", _("marked")
    SEVEN = "7"
"""
    assert sorted(unmarked_text.in_python(source)) == sorted(
        ["One", "Two %s", "Three ", "Four {}", "five", "six", "SEVEN"]
    )


def test_it_finds_what_a_script_puts_into_the_page():
    source = """button.textContent = "One"; box.setAttribute("aria-label", 'Two');
        box.className = "three four"; say(`Please wait a moment.`); let key = "Escape";"""
    assert unmarked_text.in_script(source) == ["One", "Two", "Please wait a moment."]
