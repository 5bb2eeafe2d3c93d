"""Characters of any script that look like a plain Latin letter.

Collected from the confusables of Unicode 17 (UTS 39; © Unicode, Inc., Unicode License v3) as far as
they look like a letter from a to z or its capital, plus deliberate substitutions such as "3" for
"e". Left out is what :mod:`accounts.text.folding` handles itself: characters that Unicode
decomposes, letters with strokes and hooks, small capitals, and capitals whose small letter is here.
"""

# "i" and its lookalikes count as "l": in many fonts "I" and "l" look the same.
LOOKS_LIKE = {
    "a": "@ɑαаᎪᗅ⍺ꓮ\U000102a0\U00016f40\U0001ccd6",
    "b": "ƅΒвьᏏᏴᑲᖯᗷⲂꓐꞴ\U00010282\U000102a1\U00010301\U00016eb6\U0001ccd7",
    "c": (
        "ϲсငၚᏟⲥꓚ\U000102a2\U00010302\U0001043d\U0001051c\U000118e9\U000118f2\U0001ccd8\U0001f74c"
    ),
    "d": "ԁᎠᏧᑯᗞᗪꓒꓓ\U0001ccd9",
    "e": (
        "3ƷȜΕЗеєҽӠ३૩Ꭼ℮⋿ⲜⳄⳌⴹꓰꝪꞫꬲ\U00010286\U000118a6\U000118ae\U000118ca\U00016f3b\U0001ccda"
        "\U0001ccf3\U0001d206"
    ),
    "f": "Ϝքᖴẝꓝꬵ\U00010287\U000102a5\U00010525\U000118c2\U0001ccdb\U0001d213",
    "g": "ƍɡԌցᏀᏳꓖ\U0001ccdc",
    "h": "ΗНһհᎻᏂᕼⲎꓧ\U000102cf\U0001ccdd",
    "j": "ϳјᎫᒍꓙ\U0001ccdf",
    "k": "κкᏦᛕⲔꓗ\U00010518\U0001cce0",
    "l": (
        "i1|!ǀɩιіӏւ\u05c0\u05d5\u05df\u0627\u0661۱\u07caᎥᏞᒪᛁ∣⍳⏽ⲓⳐⵏꓡꓲꙇ\U0001028a\U00010309"
        "\U00010320\U0001041b\U00010526\U000118b2\U000118c3\U00011dda\U00011de1\U00016eaa"
        "\U00016f16\U00016f28\U0001ccde\U0001cce1\U0001ccf1\U0001d22a\U0001e8c7"
    ),
    "m": "ΜϺмᎷᗰᛖⲘꓟ\U000102b0\U00010311\U0001cce2",
    "n": "ΝпոռⲚꓠ\U00010513\U0001cce3",
    "o": (
        "0οσϭоөօ\u05e1\u0647\u0665\u06be\u06c1\u06d5۵\u07c0०০੦૦ଠ୦௦ం౦ಂ೦ംഠ൦ං๐໐ဝ၀ჿዐ០ᴑⲟⵔ〇ꓳꬽ"
        "\U00010292\U000102ab\U0001042c\U000104ea\U00010516\U000114d0\U000118b5\U000118c8"
        "\U000118d7\U000118e0\U00011de0\U0001cce4\U0001ccf0"
    ),
    "p": "þƿρϸрᏢᑭ⍴ⲣⳏꓑ\U00010295\U0001cce5",
    "q": "ԛգզⵕ\U0001cce6",
    "r": "ƦгᎡᏒᖇᴦⲅꓣꭇꭈꮁ\U000104b4\U00016f35\U0001cce7\U0001d216",
    "s": "5$ƽѕՏടᏕᏚꓢ\U00010296\U00010448\U000118bb\U000118c1\U00016f3a\U0001cce8\U0001ccf5",
    "t": "τтᎢ⊤⟙Ⲧꓔ\U00010297\U000102b1\U00010315\U000118bc\U00016f0a\U0001cce9\U0001f768",
    "u": "υцսሀᑌ∪⋃ꓴꞟ\U000104f6\U000118d8\U00016f42\U0001ccea",
    "v": "νѵ\u05d8\u0667۷Ꮩᐯ∨⋁ⴸꓦꛟ\U0001051d\U00011706\U000118c0\U00016f08\U0001cceb\U0001d20d",
    "w": "ɯωшѡԝաᎳᏔⲽꓪ\U0001170a\U0001170e\U0001170f\U000118e6\U000118ef\U0001ccec",
    "x": ("×χхᕁᕽ᙭᙮ᚷ╳⤫⤬⨯ⲬⵝꓫꞳ\U00010290\U000102b4\U00010317\U00010322\U00010527\U000118ec\U0001cced"),
    "y": "ɣΥγуүყᎩᎽⲩꓬ\U000102b2\U000118a4\U000118dc\U00016f43\U0001ccee",
    "z": "ΖᏃꓜ\U000102f5\U000118a9\U000118c4\U000118e5\U0001ccef",
}
# Pairs of letters that look like one.
PAIRS = {"rn": "m", "vv": "w", "cl": "d"}
