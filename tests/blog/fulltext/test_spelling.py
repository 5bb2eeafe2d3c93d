"""Search finds a word however it is spelled: one table that both databases answer alike.

Each line of TEXTS is a post, and then a comment, and has to be found by each of its queries, and by
none of those in NOT_FOUND; the other texts are there, too. In WRITTEN_OUT, lines are in a language.
"""

from datetime import UTC, datetime
from html import escape

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command

from blog import search
from blog.fulltext.query import parse
from blog.models import Post
from comments.imports.bulk_load import Incoming, load

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("blog.fulltext.backends", "blog.models.search_index"),
]

TEXTS = {
    # the cases that somebody reported
    "The E-Mail came.": ["email", "email came"],
    "well-being, co-operation": ["wellbeing", "cooperation", "well being", "co operation"],
    "I don't know O'Brien": ["dont", "obrien", "don’t know", "O’Brien"],
    "10.000 Euro": ["10000", "10.000", "10 000", "10,000", "10'000", "10000 euro"],
    "کتابی نو": ["كتابي", "کتابي", "كتابی"],
    "می‌خواهم": ["می خواهم", "می‌خواهم", "میخواهم", "مي خواهم"],
    "пʼять яблук": ["п'ять", "п’ять", "пять", "п`ять"],
    "سال ۱۴۰۰": ["1400", "١٤٠٠", "۱۴۰۰", "سال 1400"],
    "Holiday party 🎄": ["🎄", "party 🎄", "holiday 🎄"],
    "She teaches C++": ["c++", "teaches c++", "C++ teaches", "Ｃ＋＋"],
    # joined or apart
    "The e-mail from Ana": ["email ana", "e-mail ana", "e mail ana", "EMAIL Ana", "E‑Mail ana"],
    "An email from Ben": ["email ben", "e-mail ben", "e mail ben", "e–mail ben", "ben e-mail"],
    "One e mail from Cleo": ["email cleo", "e-mail cleo", "e mail cleo", '"one e mail from"'],
    "A co-author of mine": [
        "coauthor",
        "co-author",
        "co author",
        "coauthor mine",
        '"co author of"',
    ],
    "The coworker left": ["co-worker", "co worker", "coworker left", '"the co-worker left"'],
    "Up-to-date news": ["uptodate", "up-to-date", "up to date", "upto date", "up-to date"],
    "My t-shirt is blue": ["tshirt", "t shirt", "T-Shirt", "t‐shirt"],
    "An x ray of the hand": ["xray", "x-ray", "X ray"],
    "Made in the U.S.A. once": ["usa", "u.s.a.", "U.S.A"],
    "בית־ספר ישן": ["בית ספר", "ביתספר", "בית-ספר"],
    "una col·lecció vella": ["colleccio", "col.lecció", "col·leccio"],
    # numbers
    "It was 12.500 krona": ["12500", "12.500", "12,500", "12 500", "12’500", "12\u202f500"],
    "A list of 48,250 birds": ["48250", "48.250", "48 250 birds", "48'250"],
    "Only 76 300 remain": ["76300", "76.300", "76,300", "76 300"],
    "Just 91400 steps": ["91.400", "91 400", "91,400", "91\u00a0400"],
    "Debt of 3 250 000 in all": ["3250000", "3.250.000", "3 250 000", "3,250,000"],
    "Lakh: 7,31,600 rupees": ["731600", "7,31,600"],
    "سنة ١٩٨٧": ["1987", "۱۹۸۷", "१९८७"],
    "१२४ पन्ने": ["124", "١٢٤"],
    # apostrophes of every shape or none
    "She doesn’t mind": [
        "doesnt",
        "doesn't",
        "doesn’t",
        "doesnʼt",
        "doesn`t",
        "doesn´t",
        "doesn t",
    ],
    "Song by Sinead O'Connor": ["oconnor", "o’connor", "O Connor", "OʼConnor"],
    "We wont go": ["won't", "won’t go"],
    "aujourd'hui il pleut": ["aujourd’hui", "aujourdhui", "aujourd hui"],
    "сімʼя та об'єкт": ["сім'я", "сім’я", "сімя", "обʼєкт", "обєкт"],
    "Waikīkī, Oʻahu": ["oahu", "o'ahu", "O’ahu", "waikiki"],
    "Rock ’n’ roll": ["rock n roll", "rock 'n' roll"],
    "דו״ח חדש": ['דו"ח', "דוח", "דו״ח"],
    # case and accents of every script
    "ΠΡΩΪΝΌΣ περίπατος": ["πρωινος", "περιπατοσ", "ΠΕΡΊΠΑΤΟΣ"],
    "Вечерний ЧАЙ у окна": ["чай", "ЧАЙ", "вечернии"],
    "Հայերեն": ["ՀԱՅԵՐԵՆ", "հայերեն"],
    "Tiếng Việt đẹp": ["tieng viet dep", "TIẾNG VIỆT ĐẸP"],
    "İstanbul’da ışık": ["istanbul", "ISIK", "istanbulda"],
    "Ko\u0308rper": ["körper", "korper", "KÖRPER"],
    "ｆｕｌｌ width ﬁre": ["full", "fire", "ｗｉｄｔｈ"],
    # Arabic and Persian
    "دوستی ما": ["دوستي", "دوستى"],
    "كتبي القديمة": ["کتبی", "القديمه"],
    "إيمان وأمل": ["ايمان", "وامل"],
    "مُحَمَّد كَتَبَ": ["محمد كتب", "محمّد"],
    "العـــربية": ["العربية"],
    "نمی‌دانم چرا": ["نمی دانم", "نمی‌دانم", "نمیدانم", '"نمي دانم"'],
    # scripts without spaces
    "山道を歩く": ["山道", "歩く", "道"],
    "ภูเขาสูง": ["ภูเขา"],
    "한국어 공부": ["한국어", "공부"],
    # what is no letter
    "A party with cake 🎂": ["🎂", "party 🎂", "🎂 cake"],
    "Thumbs 👍🏽 up": ["👍", "👍🏿"],
    "Flags of 🇫🇷 and 🇫🇮": ["🇫🇷", "🇫🇮 flags"],
    "I write C++ all day": ["c++", "C++ day", "write C++"],
    "I write C# at night": ["c#", "C# night"],
    "Vitamin C and others": ["vitamin c", "vitaminc"],
    "C++20 is newer": ["c++20", "c++ newer"],
    # more of each
    "state-of-the-art oven": ["stateoftheart", "state of the art", "state-of-the-art oven"],
    "Twenty‐one re‑entries": ["twentyone", "twenty-one", "reentries", "re-entries", "re entries"],
    "A soft\u00adly broken word": ["softly", "softly broken"],
    "zero\u200bwidth space": ["zerowidth", "zero\u200bwidth"],
    "l’œuvre d’art, cœur": ["oeuvre", "lœuvre", "l'oeuvre", "coeur", "CŒUR", "dart", "d art"],
    "Noël à l'été": ["noel", "NOËL", "lété", "ete", "l'ete"],
    "Straße und Weißwein": ["strasse", "STRASSE", "STRAẞE", "weisswein", "Weiß"],
    "1'234'567 Franken": ["1234567", "1’234’567", "1.234.567", "1 234 567"],
    "٢٬٥٠٠ دينار": ["2500", "٢٥٠٠", "2,500"],
    "Version 3.14 of it": ["3.14", '"3.14"', "version 3.14"],
    "১২৩ পৃষ্ঠা": ["123", "১২৩"],
    "๒๕๖๗ ปี": ["2567", "๒๕๖๗"],
    "１２３４ full": ["1234", "１２３４"],
    "ŐSZINTE kérdés": ["őszinte", "oszinte", "KERDES"],
    "Łódź i żółw": ["lodz", "ŁÓDŹ", "zolw"],
    "Þór og Æsir": ["thor", "ÞÓR", "aesir", "æsir"],
    "Çiçek İĞNE": ["cicek", "ÇİÇEK", "igne", "iğne"],
    "Ёлка и ёж": ["елка", "ЁЛКА", "еж"],
    "Їжак є": ["їжак", "іжак"],
    "Ψωμί και τυρί": ["ψωμι", "ΨΩΜΙ", "ΤΥΡΊ"],
    "ქართული ენა": ["ქართული", "ᲥᲐᲠᲗᲣᲚᲘ"],
    "שָׁלוֹם חברים": ["שלום", "שָׁלוֹם"],
    "ז'בוטינסקי": ["זבוטינסקי", "ז׳בוטינסקי"],
    "مدرسة آمنة ومؤسسة": ["مدرسه", "امنه", "آمنة", "مدرسة"],
    "شـــكرا جزيلاً": ["شكرا", "جزيلا", "جَزيلاً"],
    "على الطاولة": ["علي", "على", "الطاوله"],
    "خانهٔ من": ["خانه", "خانهٔ"],
    "کتاب‌ها": ["کتاب ها", "کتابها", "كتاب‌ها"],
    "हिन्दी में लिखा": ["हिन्दी", "लिखा"],
    "e\u0301le\u0300ve": ["élève", "eleve", "ÉLÈVE"],
    "ﬂowers and ﬃnity": ["flowers", "ffinity"],
    "ＡＢＣ ﾃﾞｰﾀ": ["abc", "データ"],
    "東京タワーに行く": ["東京", "タワー", "東京タワー"],
    "我爱北京": ["北京", "爱"],
    "ភាសាខ្មែរ": ["ខ្មែរ"],
    "กรุงเทพมหานคร": ["กรุงเทพ", "มหานคร"],
    "Written in C#, F# and .NET": ["c#", "f#", ".net", "net", "C# .NET"],
    "Only 50 % of it": ["50 %", "50%", "50"],
    "By § 15 of the law": ["§ 15", "§15", "15 law"],
    "Thanks to @marta_k": ["@marta_k", "marta", "@marta", "marta k"],
    "See #evening walks": ["#evening", "evening walks"],
    "AT&T and R&D": ["at&t", "r&d", "AT&T R&D"],
    "node.js, example.org/path": ["node.js", "nodejs", "example.org", "example org"],
    "Me ❤️ you": ["❤️", "❤", "me ❤"],
    "A 👩‍👩‍👧 of three": ["👩‍👩‍👧", "👧"],
    "№ 7 and ½": ["no 7"],
    "TV’s and CD‑ROMs": ["tvs", "tv's", "cdroms", "cd roms", "CD-ROMs"],
}
NOT_FOUND = {
    "Vitamin C and others": ["c++", "c#", "C++ others"],
    "I write C# at night": ["c++"],
    "I write C++ all day": ["c#"],
    "Flags of 🇫🇷 and 🇫🇮": ["🇷🇫", "🇮🇫"],
    "Up-to-date news": ["date-up", "todateup"],
    "It was 12.500 krona": ['"12.5"', "125 krona", "2500"],
    "The e-mail from Ana": ["mails ana", '"mail ana"'],
    "An email from Ben": ['"emailing"'],
}


# {language: {text: queries}}: "ü" may be "ue", as those write who have no such key.
WRITTEN_OUT = {
    "de": {
        "Müllers Haus": ["Mueller", "MUELLERS", "Müller", "muller", "Muellers Haus"],
        "Familie Mueller-Lüdenscheid": [
            "Müller",
            "luedenscheid",
            "müller-lüdenscheid",
            "mueller-luedenscheid",
        ],
        "Böhmes Garten": ["Boehme", "Böhme", "bohme", "boehmes garten", '"Boehmes Garten"'],
        "Herr Goethe": ["göthe", "goethe", "GOETHE"],
        "Große Füße": ["grosse fuesse", "GROSSE FÜSSE", "große füße", "grosse fusse"],
        "Schloß und Gasse": ["schloss", "gaße"],
        "Jägers Hund-Übung": ["jaegers", "hunduebung", "hund-uebung", "hundübung"],
        "Ko\u0308rper u\u0308ber": ["koerper", "körper", "ueber"],
    },
    "de-AT": {"Der Mörder wars": ["moerder", "Mörder"]},
    "nb": {"Bjørn på Ærø": ["bjorn", "bjoern", "Bjørn", "paa", "aero", "på"]},
}
NOT_WRITTEN_OUT = {
    "de": {"Böhmes Garten": ["Bahme"], "Neue Bauern aus der Quelle": ["neu baurn", "qulle"]},
    "fi": {"Tyhmä Väinö": ["vaeinoe", "tyhmae"]},
    "tr": {"Gül ve Öztürk": ["guel", "oeztuerk"]},
    "es": {"La cigüeña": ["cigueena", "ciguuena"]},
    "en": {"The naïve Müller": ["mueller"], "A duel of Mueller": ["müller", "muller", "dul of"]},
}
# The same answers for posts and for comments, which do not have the same index.
both_kinds = pytest.mark.parametrize("kind", ["post", "comment"])


@pytest.fixture
def stored(published_post):
    """A function that stores texts as posts, or as comments of one post, in their order."""

    def store(kind, texts, language=""):
        if kind == "post":
            for number, text in enumerate(texts):
                published_post(
                    title="A title",
                    slug=f"text-{number}",
                    body=f"<p>{escape(text)}</p>",
                    language=language,
                )
            return {f"/posts/text-{number}/": text for number, text in enumerate(texts)}
        post = published_post(title="-", body="<p>-</p>", comment_mode="open")
        when = datetime(2020, 1, 1, tzinfo=UTC)
        rows = [
            Incoming(number, post.pk, "-", f"<p>{escape(text)}</p>", when, name="Ana")
            for number, text in enumerate(texts)
        ]
        keys = load(rows).keys
        return {f"/comments/{keys[number]}/": text for number, text in enumerate(texts)}

    return store


def found(places, typed, language=""):
    """Return the results of a search by the text that was found."""
    answer = search.find(parse(typed), language=language)
    results = search.to_results(answer.matches, answer.query)
    return {places[each.address]: each for each in results if each.address in places}


def wrong(places, table, language=""):
    """Return (text, query) of what was not found, and of what was found without a mark."""
    missed, unmarked = [], []
    for text, queries in table.items():
        for typed in queries:
            results = found(places, typed, language)
            missed += [] if text in results else [(text, typed)]
            unmarked += [
                (at, typed) for at, each in results.items() if "<mark>" not in each.snippet
            ]
    return missed, unmarked


@both_kinds
def test_a_text_is_found_in_every_spelling_and_marked(stored, kind):
    assert wrong(stored(kind, TEXTS), TEXTS) == ([], [])


@both_kinds
def test_other_words_do_not_find_it(stored, kind):
    places = stored(kind, TEXTS)
    assert [
        (text, q) for text in NOT_FOUND for q in NOT_FOUND[text] if text in found(places, q)
    ] == []


@pytest.mark.parametrize("language", WRITTEN_OUT)
def test_letters_may_be_written_out_in_the_language_of_the_post(stored, language):
    texts = WRITTEN_OUT[language]
    assert wrong(stored("post", texts, language), texts) == ([], [])


@both_kinds
@pytest.mark.parametrize("language", WRITTEN_OUT)
def test_letters_may_be_written_out_in_the_language_of_the_blog(stored, kind, language):
    texts = WRITTEN_OUT[language]
    assert wrong(stored(kind, texts), texts, language) == ([], [])


@pytest.mark.parametrize("language", NOT_WRITTEN_OUT)
def test_letters_are_not_written_out_in_other_languages(stored, language):
    texts = NOT_WRITTEN_OUT[language]
    places = stored("post", texts, language)
    for blog in ("", "en", "de"):
        assert [q for text in texts for q in texts[text] if text in found(places, q, blog)] == []


@both_kinds
def test_where_nobody_said_the_language_that_is_looked_for_if_there_is_nothing_else(stored, kind):
    places = stored(kind, ["Müllers Haus", "Muellers house"])
    assert [*found(places, "Mueller", "en")] == ["Muellers house"]
    assert [*found(places, "Müller", "en")] == ["Müllers Haus"]
    assert [*found(places, "Muellers haus", "en")] == ["Müllers Haus"]
    assert {*found(places, "Mueller", "de")} == {*places.values()}


def test_a_post_that_changes_its_language_is_read_anew(stored):
    places = stored("post", ["Müllers Haus", "Muellers house"], "en")
    assert [*found(places, "Mueller")] == ["Muellers house"]
    Post.objects.update(language="de")
    assert {*found(places, "Mueller")} == {*places.values()}
    call_command("check_search_index")


def test_what_nobody_may_see_does_not_keep_from_a_second_look(published_post, client):
    published_post(slug="hidden", body="<p>My wellbeing.</p>", status="draft")
    published_post(slug="apart", body="<p>Of my well being.</p>")
    page = client.get("/search/?q=wellbeing")
    assert [result.address for result in page.context["results"]] == ["/posts/apart/"]


def test_two_words_find_what_is_written_as_one_if_nothing_else_is_found(client, published_post):
    published_post(slug="apart", body="<p>Of my well being.</p>")
    page = client.get("/search/?q=wellbeing")
    assert [result.address for result in page.context["results"]] == ["/posts/apart/"]
    assert "<mark>well being</mark>" in page.text
    published_post(slug="one", body="<p>Of my wellbeing.</p>")
    page = client.get("/search/?q=wellbeing")
    assert [result.address for result in page.context["results"]] == ["/posts/one/"]


@pytest.mark.parametrize(
    ("typed", "ignored"), [("€ lake", "€"), ("lake §§ %", "§§ %"), (":-)", ":-)"), ("<b> €", "€")]
)
def test_signs_that_nothing_can_be_found_by_are_said(client, published_post, typed, ignored):
    published_post(slug="lake", body="<p>The lake costs € 3.</p>")
    page = BeautifulSoup(client.get("/search/", {"q": typed}).content, "html.parser")
    assert page.select_one(".search-help bdi").text == ignored


@pytest.mark.parametrize("typed", ["lake", "lake -", "*", '""', "", "c++", "🎂", "lake!"])
def test_nothing_is_said_where_everything_was_looked_for(client, typed):
    assert "was ignored" not in client.get("/search/", {"q": typed}).text


def test_marks_are_whole_words_as_they_were_written(client, published_post):
    published_post(
        language="de", body="<p>Müllers e-mail, 10.000 mal: don’t 🎂 C++. Ko\u0308rper</p>"
    )
    page = client.get("/search/", {"q": "muellers email 10000 dont 🎂 c++ körp"})
    marks = [mark.text for mark in BeautifulSoup(page.content, "html.parser").select("mark")]
    assert marks == ["Müllers", "e-mail", "10.000", "don’t", "🎂", "C++", "Ko\u0308rper"]
