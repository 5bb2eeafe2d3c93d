"""Texts as people type them, in many scripts, and how they are found again where they appear."""

import re
import secrets

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

# What other dialects of Markdown, HTML, templates or mail programs take for a sign of theirs.
LINES = st.sampled_from(
    [
        *["2. second", "7) seventh", "+ plus", "# head", "#tag", "    four spaces", "\ttab", "==="],
        *["---", "| a | b |", "|---|---|", "[x]: https://example.org", "[x]", "[ ] to do", "~~~"],
        *[
            ">:(",
            ">_<",
            ">>> print",
            "*",
            "* * *",
            "-",
            "-5 degrees",
            "--",
            "`code`",
            "1.",
            ".",
            "..",
        ],
        *["From here on", "-- ", "Re: what", "\\", "\\*no\\*", "\\_(ツ)_/", "C:\\new\\_x", "$x^2$"],
        *["&copy; &amp;amp; &#42; &bogus; &", "<b>bold</b>", "<script>1</script>", "</p>", "<!--"],
        *[
            "<b",
            "a<b>c",
            "a < b > c",
            "1<2",
            "{{ x }}",
            "{% x %}",
            "%(name)s %s",
            "${x}",
            "http://",
        ],
        *["https://example.org/a_b*c", "www.example.org", "ada@example.org", "//x", "tel:+49"],
        *[
            "“curly”, ‘single’",
            "«à»",
            "'90s",
            "6'2\"",
            "don't",
            "...",
            "…",
            ":-)",
            "(c)",
            "1/2",
            "2*3*4",
        ],
        *["Leser*innen", "snake_case_word", "_so_", "__init__", "~~no~~", "==a==", "^2^", "H~2~O"],
    ]
)
SCRIPTS = st.sampled_from(
    [
        *[
            "हिन्दी में",
            "ไทย",
            "한국어",
            "日本語です。",
            "你好，世界！",
            "Ελληνικά;",
            "Кириллица",
            "עִבְרִית",
            "العربية،",
        ],
        *[
            "فارسی\u200cها",
            "தமிழ்",
            "ქართული",
            "አማርኛ",
            "Z̴̧a͠l̀go",
            "e\u0301e",
            "İı",
            "ẞß",
            "ﬁ",
            "Ⅳ",
            "①",
            "½",
            "𝒜",
        ],
        *[
            "🌱",
            "❤️",
            "👩🏽\u200d👧",
            "🏳️\u200d🌈",
            "🇩🇪",
            "1️⃣",
            "\u00a0",
            "\u2003",
            "\u00ad",
            "\u200b",
            "\u200e",
            "\u202bא\u202c",
        ],
        *[
            "\u2028",
            "\u2029",
            "\ufeff",
            "\u3000",
            "\u2060",
            "\U000e0041",
            "\ue000",
            "\u0378",
            "\ufffd",
        ],
    ]
)
# Python counts more signs as ends of lines; none of the others can be typed, and forms refuse some.
BREAKS = st.sampled_from(["\n", "\n\n", "\r\n", "\r\n\r\n", "\r", " \n", "  \n"])
SIGNS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
WORDS = st.one_of(LINES, SCRIPTS, st.text(SIGNS, max_size=8), st.text("*_`>-[]()<&\\ ", max_size=6))
# Shrinking would send hundreds of texts anew; what is told of a fault is one short text.
PLENTY = settings(
    max_examples=4,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def joined(pairs):
    """Return words and what is between them as one text."""
    return "".join(word + glue for word, glue in pairs)[:120]


def folded(text):
    """Return a text with white space folded, as readers see it."""
    return " ".join(text.split())


class Batch:
    """Some texts, each between two words by which it is found where several stand together."""

    def __init__(self, texts, space="\n\n"):
        self.word = "kettle" + secrets.token_hex(4).translate(
            str.maketrans("0123456789", "ghjklmnpqr")
        )
        whole = [space.join(self._ends(number, text)) for number, text in enumerate(texts)]
        self.texts = dict(enumerate(whole))
        self.wanted = {number: folded(text) for number, text in self.texts.items()}

    def _ends(self, number, text):
        return f"{self.word} from{number}x", text, f"to{number}x"

    def changed(self, *shown):
        """Return ``{number: (typed, seen)}`` of what is seen otherwise in these, or not at all."""
        found = {}
        for text in map(folded, shown):
            for number in map(int, re.findall(rf"{self.word} from(\d+)x", text)):
                start, _, end = self._ends(number, "")
                found[number] = start + text.partition(start)[2].partition(end)[0] + end
        pairs = {number: (typed, found.get(number)) for number, typed in self.wanted.items()}
        return {number: pair for number, pair in pairs.items() if pair[0] != pair[1]}
