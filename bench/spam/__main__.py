"""`python -m bench.spam [FILE]`: precision and recall of the text-based spam checks.

Without FILE it uses the project's own corpus; each line of a file is ``ham`` or ``spam``, a tab and
a text. Nothing is stored.
"""

import os
import sys

COLUMNS = ["Check", "Spam held", "Spam let through", "Others held", "Others let through"]
COLUMNS += ["Precision", "Recall"]


def table(found: dict) -> list[str]:
    """Return the lines of a Markdown table of ``{name: bayes.Quality}``."""
    lines = [f"| {' | '.join(COLUMNS)} |", "|---|" + "--:|" * (len(COLUMNS) - 1)]
    for name, quality in found.items():
        counts = (quality.held_spam, quality.missed_spam, quality.held_kept, quality.passed_kept)
        shares = (
            "-" if share is None else f"{share:.3f}"
            for share in (quality.precision, quality.recall)
        )
        lines.append(f"| {' | '.join([name, *map(str, counts), *shares])} |")
    return lines


def main(path=None):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from bench.spam import corpus, measuring

    texts = corpus.from_file(path) if path else corpus.own()
    spam = sum(text.spam for text in texts)
    lines = [f"{len(texts)} texts, {spam} of them spam", "", *table(measuring.measured(texts))]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:2])
