"""Search finds a word however it is spelled: one table that both databases answer alike.

Each line of TEXTS is a post and has to be found by each of its queries, and by none of those in
NOT_FOUND; the other posts are there, too.
"""

import pytest
from bs4 import BeautifulSoup

from blog import search
from blog.fulltext.query import parse

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("blog.fulltext.backends", "blog.models.search_index"),
]

TEXTS = {
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
    # German, and those who write letters out as well
    "Böhmes Garten": ["Boehme", "Böhme", "bohme", "boehmes garten", "BÖHMES", '"Boehmes Garten"'],
    "Herr Goethe": ["göthe", "goethe", "GOETHE"],
    "Große Füße": ["grosse fuesse", "GROSSE FÜSSE", "große füße", "grosse fusse"],
    "Schloß und Gasse": ["schloss", "gaße"],
    "Jägers Hund-Übung": ["jaegers", "hunduebung", "hund-uebung", "hundübung"],
    "Bjørn på Ærø": ["bjorn", "bjoern", "Bjørn", "paa", "aero"],
    # case and accents of every script
    "ΠΡΩΪΝΌΣ περίπατος": ["πρωινος", "περιπατοσ", "ΠΕΡΊΠΑΤΟΣ"],
    "Вечерний ЧАЙ у окна": ["чай", "ЧАЙ", "вечернии"],
    "Հայերեն": ["ՀԱՅԵՐԵՆ", "հայերեն"],
    "Tiếng Việt đẹp": ["tieng viet dep", "TIẾNG VIỆT ĐẸP"],
    "İstanbul’da ışık": ["istanbul", "ISIK", "istanbulda"],
    "Ko\u0308rper": ["körper", "korper", "koerper", "KÖRPER"],
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
}
NOT_FOUND = {
    "Vitamin C and others": ["c++", "c#", "C++ others"],
    "I write C# at night": ["c++"],
    "I write C++ all day": ["c#"],
    "Flags of 🇫🇷 and 🇫🇮": ["🇷🇫", "🇮🇫"],
    "Up-to-date news": ["date-up", "todateup"],
    "It was 12.500 krona": ['"12.5"', "125 krona", "2500"],
    "The e-mail from Ana": ["mails ana", '"mail ana"'],
    "Böhmes Garten": ["Bahme"],
    "An email from Ben": ['"emailing"'],
}


@pytest.fixture
def posts(published_post):
    for number, text in enumerate(TEXTS):
        published_post(title=f"Text {number}", slug=f"text-{number}", body=f"<p>{text}</p>")


def found(typed):
    """Return the results of a search by the text that was found."""
    texts, answer = list(TEXTS), search.find(parse(typed))
    results = search.to_results(answer.entries, answer.query)
    return {texts[int(each.address.strip("/").rpartition("-")[2])]: each for each in results}


def test_a_text_is_found_in_every_spelling_and_marked(posts):
    missed, unmarked = [], []
    for text, queries in TEXTS.items():
        for typed in queries:
            results = found(typed)
            missed += [] if text in results else [(text, typed)]
            unmarked += [
                (typed, at) for at, each in results.items() if "<mark>" not in each.snippet
            ]
    assert (missed, unmarked) == ([], [])


def test_other_words_do_not_find_it(posts):
    wrong = [(text, q) for text in NOT_FOUND for q in NOT_FOUND[text] if text in found(q)]
    assert wrong == []


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
    published_post(body="<p>Müllers e-mail, 10.000 mal: don’t 🎂 C++. Ko\u0308rper</p>")
    page = client.get("/search/", {"q": "muellers email 10000 dont 🎂 c++ körp"})
    marks = [mark.text for mark in BeautifulSoup(page.content, "html.parser").select("mark")]
    assert marks == ["Müllers", "e-mail", "10.000", "don’t", "🎂", "C++", "Ko\u0308rper"]
