"""Cards in the queue: all that a decision needs, and no private data."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog.models import ContentNote
from comments.models import Comment, Report, checks
from comments.models.checks import CheckOutcome, Verdict
from comments.moderation import decisions, writers
from comments.moderation.track_record import TrackRecord
from comments.queue.cards import record_in_words
from comments.tree.status import Status
from tests.comments.factories import say
from tests.comments.http import visit
from tests.comments.mail import verified
from tests.comments.queue_http import cards, page, press, text, waiting

pytestmark = pytest.mark.django_db


def card_of(client, comment, tab="waiting"):
    return cards(page(client, tab))[comment.pk]


def why(card):
    return [text(line) for line in card.select(".why li")]


def test_a_card_shows_everything_needed_to_decide(signed_in, mia, published_post):
    post = published_post()
    post.content_notes.add(ContentNote.objects.create(name="hospital"))
    same = {"email": "wren@example.net", "name": "Wren"}
    for status in (Status.APPROVED, Status.APPROVED, Status.SPAM, Status.REMOVED):
        say(post, status=status, **same)
    parent = say(post, body="What she answers.", name="Robin")
    written = timezone.now() - timedelta(hours=3, minutes=10)
    comment = waiting(post, parent, body="A *new* word.", created_at=written, **same)
    card = card_of(signed_in(mia), comment)
    assert card.select_one(".words em").text == "new"
    for wanted in (
        *("Wren", "waiting for 3 hours", post.title, "Content note: hospital"),
        *("Replying to Robin", "What she answers."),
        "Guest · email not verified · earlier comments: 2 approved, 2 removed",
    ):
        assert wanted in text(card).replace("\xa0", " "), wanted


def test_a_comment_from_a_moment_ago_shows_no_minutes(signed_in, mia, published_post):
    post = published_post()
    new, public = waiting(post), say(post)
    client = signed_in(mia)
    assert text(card_of(client, new).select_one(".since")) == "just now"
    assert text(card_of(client, public, "all").select_one(".since")).startswith("written just now")
    decisions.decide([new.pk], "approve", mia)
    decided = client.get("/admin/queue/decided/").text
    assert "just now" in decided
    assert "0\xa0minutes" not in decided


def test_every_button_has_words_and_names_whose_comment_it_is_about(signed_in, mia, published_post):
    card = card_of(signed_in(mia), waiting(published_post(), name="Wren"))
    found = [(text(button), button["aria-label"]) for button in card.select(".acts button")]
    assert [words for words, _label in found] == [
        "Approve",
        "Spam",
        "Remove",
        "Reply",
        "Note",
        "More",
    ]
    assert all(label.endswith(": Wren") for _words, label in found)


def test_the_card_says_why_the_comment_is_in_the_queue(signed_in, mia, published_post):
    comment = waiting(published_post())
    client = signed_in(mia)
    assert why(card_of(client, comment)) == ["first comment"]
    found = [
        CheckOutcome("links", Verdict.HOLD, "2 links"),
        CheckOutcome("words", Verdict.SPAM, "word: watches"),
        CheckOutcome("trust", Verdict.PUBLISH, "known here"),
    ]
    checks.replace_results(comment.pk, found)
    for network, reason, words in (("a", "unkind", "It is about me."), ("b", "unkind", "")):
        Report.objects.create(comment=comment, network=network, reason=reason, text=words)
    assert why(card_of(client, comment)) == [
        "reported by 2 readers: unkind (2) It is about me.",
        *["word: watches", "2 links", "first comment"],
    ]


@pytest.mark.parametrize(
    ("held", "words"),
    [
        ("moderated", "every comment on this post is reviewed first"),
        ("edited", "edited after approval"),
        ("imported", "already waiting on the old blog"),
        ("A word that only a check knows", "A word that only a check knows"),
    ],
)
def test_each_reason_to_hold_has_its_wording(signed_in, mia, published_post, held, words):
    comment = waiting(published_post(), held_because=held)
    assert why(card_of(signed_in(mia), comment)) == [words]


@pytest.mark.parametrize("held", ["checks", "care", "reported"])
def test_a_finding_is_not_repeated(signed_in, mia, published_post, held):
    comment = waiting(published_post(), held_because=held)
    checks.replace_results(comment.pk, [CheckOutcome("links", Verdict.HOLD, "2 links")])
    assert why(card_of(signed_in(mia), comment)) == ["2 links"]


def test_without_scripts_a_decision_leads_to_the_next_card(signed_in, mia, published_post):
    first, second = waiting(published_post()), waiting(published_post())
    found = cards(page(signed_in(mia)))
    assert found[first.pk].select_one(".decide [name=next]")["value"] == str(second.pk)
    assert not found[second.pk].select(".decide [name=next]")


def test_only_first_comments_are_marked_as_such(signed_in, mia, published_post):
    post = published_post()
    say(post, email="wren@example.net")
    comment = waiting(post, email="wren@example.net")
    assert why(card_of(signed_in(mia), comment)) == ["not known here yet: email not verified"]


def test_resolved_reports_and_decided_holds_are_no_longer_reasons(signed_in, mia, published_post):
    comment = say(published_post(), held_because="first-comment")
    report = Report.objects.create(comment=comment, network="a", reason="spam")
    client = signed_in(mia)
    assert why(card_of(client, comment, "all")) == ["reported by a reader: spam"]
    decisions.decide([comment.pk], "keep", mia)
    report.refresh_from_db()
    assert why(card_of(client, comment, "all")) == []


def test_edits_of_a_public_comment_are_marked(signed_in, mia, published_post):
    comment = say(published_post())
    Comment.objects.filter(pk=comment.pk).update(edited_at=timezone.now() + timedelta(minutes=1))
    assert why(card_of(signed_in(mia), comment, "all")) == ["edited after approval"]


def test_the_history_of_an_account_is_its_own(signed_in, mia, bob, published_post):
    post = published_post()
    say(post, user=bob, name="")
    own, guest = waiting(post, user=bob, name=""), waiting(post, name="Bob")
    found = cards(page(signed_in(mia)))
    assert "Member · email verified · 1 earlier comment, approved" in text(found[own.pk])
    assert "Guest · no email · history unknown" in text(found[guest.pk])


def test_a_verified_address_has_its_own_history_and_reputation(signed_in, mia, published_post):
    post, address = published_post(), verified("wren@example.net")
    comments = [say(post), waiting(post)]
    Comment.objects.filter(pk__in=[each.pk for each in comments]).update(verified_address=address)
    writers.trust(comments[0].pk, mia)
    writers.ban(comments[0].pk, mia, until=timezone.now() + timedelta(days=3))
    found = text(card_of(signed_in(mia), comments[1]))
    assert (
        "Guest · email verified · 1 earlier comment, approved · trusted · banned until"
    ) in found


def test_private_notes_are_on_every_card_of_that_writer(signed_in, mia, bob, published_post):
    post = published_post()
    writers.note(say(post, user=bob, name="").pk, mia, "Was lovely about it in May.")
    mine, other = waiting(post, user=bob, name=""), waiting(post)
    found = cards(page(signed_in(mia)))
    assert text(found[mine.pk].select_one(".private")) == "Mia Was lovely about it in May."
    assert not found[other.pk].select(".private")


def test_texts_stay_closed_behind_content_notes_even_when_quoted(signed_in, mia, published_post):
    post, note = published_post(), ContentNote.objects.create(name="winter")
    parent = say(post, body="The parent’s words.", content_note=note)
    card = card_of(signed_in(mia), waiting(post, parent, body="Her words.", content_note=note))
    assert card.select_one("details.note:not([open]) .words")
    summary = card.select_one(".answered summary")
    assert "The parent’s words." not in summary.text
    assert "Content note: winter" in summary.text


def test_short_quotations_show_no_markup(signed_in, mia, bob, published_post):
    post = published_post()
    parent = say(post, user=bob, name="", body="I brought *notes*,\n\n> and **lists** & more.")
    other = say(post, user=bob, name="")
    plain, client = "I brought notes, and lists & more.", signed_in(mia)
    card = card_of(client, waiting(post, parent))
    assert text(card.select_one(".answered summary q")) == plain
    assert plain in text(visit(client, f"/admin/queue/{other.pk}/panels/"))
    press(client, parent, "remove", reason="Please without lists.")
    assert plain in text(page(client, "decided").select_one(".decisions > li"))


def test_the_last_comments_of_a_writer_are_loaded_on_request(signed_in, mia, bob, published_post):
    post = published_post()
    for number in range(7):
        say(post, user=bob, name="", body=f"Earlier {number}.")
    comment, client = waiting(post, user=bob, name=""), signed_in(mia)
    assert "Earlier" not in page(client).text
    found = text(visit(client, f"/admin/queue/{comment.pk}/panels/"))
    assert [n for n in range(7) if f"Earlier {n}." in found] == [2, 3, 4, 5, 6]


def test_the_last_comments_of_a_writer_leave_out_unreadable_posts(
    signed_in, mia, owner, bob, published_post
):
    draft = published_post(status="draft", published_at=None, title="Not for anybody yet")
    say(draft, user=bob, name="", body="Below a draft.")
    comment = waiting(published_post(), user=bob, name="")
    panels = f"/admin/queue/{comment.pk}/panels/"
    hers = visit(signed_in(mia), panels)
    assert "Not for anybody yet" not in hers.text
    assert "Below a draft." not in hers.text
    assert "Below a draft." in visit(signed_in(owner), panels).text


def test_a_long_text_can_be_opened_without_scripts(signed_in, mia, published_post):
    post = published_post()
    long, short = waiting(post, body="A long way home. " * 80), waiting(post)
    found = cards(page(signed_in(mia)))
    assert text(found[long.pk].select_one("label.all")) == "Show allShow less"
    assert not found[short.pk].select(".show-all")


def test_addresses_are_shown_to_nobody_and_cannot_be_guessed(signed_in, mia, published_post):
    comment, client = waiting(published_post(), email="wren.secret@example.net"), signed_in(mia)
    for address in ("waiting/", f"{comment.pk}/", f"{comment.pk}/panels/", "all/?q=wren"):
        assert "wren.secret" not in client.get(f"/admin/queue/{address}").text
    assert not cards(page(client, "all", "?q=wren.secret"))
    assert cards(page(client, "all", "?email__startswith=zzz&user__password=x"))


def test_markup_in_a_comment_is_escaped_in_the_queue(signed_in, mia, published_post):
    evil = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
    post = published_post()
    comment = waiting(post, say(post, name=evil[:80], body=evil), name=evil[:80], body=evil)
    writers.note(comment.pk, mia, evil)
    Report.objects.create(comment=comment, network="a", reason="other", text=evil)
    client = signed_in(mia)
    for address in ("waiting/", "reported/", f"{comment.pk}/", f"{comment.pk}/panels/"):
        found = visit(client, f"/admin/queue/{address}")
        assert not found.select("#content img, [onerror]"), address
        assert not [tag for tag in found.select("script") if "alert" in tag.text]


def test_the_page_of_a_comment_shows_its_decisions_and_its_neighbours(
    signed_in, mia, published_post
):
    post = published_post()
    root = say(post, body="The root.")
    before, comment = say(post, root, body="Just before."), waiting(post, root)
    say(post, root, body="Just after.")
    decisions.decide([comment.pk], "remove", mia, "Too much about her neighbour.")
    found = text(visit(signed_in(mia), f"/admin/queue/{comment.pk}/"))
    assert before.pk < comment.pk
    for wanted in ("removed (Mia)", "Too much about her neighbour.", "Just before.", "Just after."):
        assert wanted in found, wanted


def test_a_withdrawn_comment_has_no_text_and_no_useless_buttons(signed_in, mia, published_post):
    comment = say(published_post(), status=Status.WITHDRAWN)
    card = card_of(signed_in(mia), comment, "all")
    assert not card.select(".acts .decide button")


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((2, 1), "earlier comments: 2 approved, 1 removed"),
        ((1, 0), "1 earlier comment, approved"),
        ((3, 0), "3 earlier comments, all approved"),
        ((0, 1), "1 earlier comment, removed"),
        ((0, 0), "no earlier decisions"),
        ((None, None), "history unknown"),
    ],
)
def test_the_history_of_a_writer_leaves_out_what_there_is_none_of(counts, words):
    assert record_in_words(TrackRecord(*counts)) == words


def test_more_leads_to_a_public_comment_on_the_blog_and_explains_care(
    signed_in, mia, published_post
):
    client, post = signed_in(mia), published_post()
    public, held = say(post), waiting(post)

    def panel(comment):
        return visit(client, f"/admin/queue/{comment.pk}/panels/").select_one("[data-panel=more]")

    links = {link.text: link["href"] for link in panel(public).select("a.act")}
    assert links["View on the blog"] == public.get_absolute_url()
    assert "View on the blog" not in panel(held).text
    assert "For comments that may need a person soon." in panel(held).text
