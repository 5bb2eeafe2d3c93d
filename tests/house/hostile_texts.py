"""Texts that look for a weakness of parsers and patterns: short pieces, repeated up to a length.

CORPUS are those that once took time by the square of their length, or nearly so, and their kin.
"""

from hypothesis import strategies

# What parsers and patterns look for, and what stands beside it.
PIECES = [
    *"a-*_`~[]()!<>\"'&;@.,1 \n\t\\|#={}éß字",
    *(
        "a-",
        "**",
        "](",
        "[a](",
        "> ",
        "</",
        "<a ",
        "<b>",
        "</b>",
        "<p>",
        "<!--",
        "-->",
        '<img src="',
    ),
    *("&#", "&amp", "http://", "https://a.", "www.", "a@", "1.", "0 ", "+4", "\n\n", "    ", "- "),
    *(
        "|-",
        "[/",
        "[caption ",
        "[gallery]",
        "\u0301",
        "\u202e",
        "\u200d",
        "\U0001f384",
        "A ",
        "Ab ",
    ),
    *("street", "straße ", "%40", "\x0b", "<script>", "<table><tr><td>", "<div>", "]]>"),
    *("<!-- wp:p -->", 'style="background:url(', "<ul><li>", "<em>a<p>b", "<details>"),
]
CORPUS = [
    *("a-", "a.", "a@a.", "[", "[[]", "![", "[](", "[a](", "https://a.", ">", "*", "_*", "`", "- "),
    *("<a ", "<a _", "a@-</", "<div>*", "<b>1", "<b><b>", "<ul><li>x", "<div>,& ", "<!-- "),
    *('<img src="', "0 ", "0-", "+4 ", "1 A", "Ab ", "straße", "\u202e", "a\u0301", '"', "&", "\\"),
    *("[/a", "[caption "),
]
pieces = strategies.lists(strategies.sampled_from(PIECES), min_size=1, max_size=4).map("".join)


def filled(piece: str, length: int) -> str:
    """Return the piece, repeated until the text has this length."""
    return (piece * (length // len(piece) + 1))[:length]
