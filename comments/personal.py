"""What is kept about people in the tables of the conversation."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.inventory import Event, Exempt, Personal
from comments.models import Comment

ERASED, WITHDRAWN = Event.ERASED, Event.WITHDRAWN
DISOWNED, OUTDATED = Event.DISOWNED, Event.OUTDATED


def comments_of(subject):
    """Return the comments of a ``Subject``: of the account, or written under a proved address."""
    hers = Q(proved_address__in=subject.address_keys)
    if subject.user:
        hers |= Q(user=subject.user)
    written = Comment.objects.filter(hers)
    return written.filter(created_at__lte=subject.until) if subject.until else written


_COMMENTS = {
    "what": _("Your comments: the words and the name you gave."),
    "why": _("So that readers can read and answer you."),
    "how_long": _(
        "Until you take them back or erase them. Removed words go after a month, and so does spam."
    ),
    "export": "comments.exports.comments",
    "erase": "comments.erasing.words",
    "with_words": True,
}
_CHECKED = {
    "what": _("What the checks found in a comment of yours."),
    "why": _("So that a moderator sees why it waits."),
    "how_long": _("As long as the comment."),
    "erase": "comments.erasing.words",
    "with_words": True,
}
_FOLLOWING = {
    "what": _("What you wish to hear of by mail, and how often."),
    "why": _("So that you get these mails and no other."),
    "how_long": _("Until you end it; a week if you never confirmed it."),
    "erase": "comments.erasing.followings",
}
_REACTIONS = {
    "what": _("Which comments you were with, by a press on a button, and on which day."),
    "why": _("So that it counts once, and you can take it back."),
    "how_long": _("Until you take it back. A guest's cannot be told from another's by anybody."),
    "export": "comments.exports.reactions",
    "erase": "comments.erasing.reactions",
}
_REPORTS = {
    "what": _("What you reported to the moderators, and why."),
    "why": _("So that somebody looks, and one person counts once."),
    "how_long": _("As long as the comment; the hash of your network goes after a week."),
    "export": "comments.exports.reports",
    "erase": "comments.erasing.reports",
}
_LOG = {
    "what": _("What was decided about your comments, when, and why."),
    "why": _("So that decisions can be looked at again, also by you."),
    "how_long": _("The act and its day stay. Reasons and names go when you erase your words."),
    "export": "comments.exports.decisions",
    "erase": "comments.erasing.log_entries",
}
_STANDING = {
    "what": _("Whether moderators trust you, or have banned you, by a keyed hash alone."),
    "why": _("So that who hurt others here cannot begin anew by leaving."),
    "how_long": _(
        "Trust goes with your account. A ban stays until it ends, as a hash that names nobody."
    ),
    "export": "comments.exports.standing",
    "erase": "comments.erasing.standings",
}
_CARE = {
    "what": _("That somebody was worried about you, and what was done."),
    "why": _("So that somebody who is in danger is not overlooked."),
    "how_long": _(
        "Words that you take back while nobody has looked stay for moderators for seven days at "
        "most. Notes go when you erase your words."
    ),
    "erase": "comments.erasing.care",
}
_DUTY = {
    "what": _("If you moderate: when you are on duty, which mails you wish, what you work on."),
    "why": _("So that moderators know who looks now, and who rests."),
    "how_long": _("Until you change it, or erase your account."),
    "export": "comments.exports.duty",
    "erase": "comments.erasing.duty",
}


def _of_comment(fields, *events, **labels):
    """Declare fields of a comment: which events empty them, and how an export labels them."""
    leaves_on = frozenset(events)
    return Personal("comments.Comment", fields, leaves_on=leaves_on, labels=labels, **_COMMENTS)


DECLARED = [
    _of_comment("body body_html same_words", ERASED, WITHDRAWN, OUTDATED, body=_("Your words")),
    _of_comment("held_because content_note", ERASED, WITHDRAWN),
    _of_comment("user name claimed_at", ERASED, DISOWNED, claimed_at=_("Taken into your account")),
    _of_comment("proved_address", ERASED, WITHDRAWN, DISOWNED),
    # The mark of the form was made with the name and the words.
    _of_comment("submission", ERASED, WITHDRAWN, DISOWNED, OUTDATED),
    _of_comment("salt receipt receipt_made_at", ERASED, receipt_made_at=_("Private link made")),
    # A row that keeps its place keeps its source, so that no import brings the words back.
    _of_comment("source source_id"),
    Personal(
        "comments.Comment",
        "email",
        what=_("The address beside a comment, if you gave one. It is never shown."),
        why=_("So that you can be asked whether it is yours, and hear of answers if you wish."),
        how_long=_("Until you take the comment back or erase it."),
        export="comments.exports.comments",
        erase="comments.erasing.typed_addresses",
        leaves_on=frozenset({ERASED, WITHDRAWN, DISOWNED}),
        labels={"email": _("Address that you gave")},
    ),
    Personal("comments.Finding", "reason", export="comments.exports.comments", **_CHECKED),
    Personal(
        "comments.Following",
        "key follower user address",
        export="comments.exports.followings",
        **_FOLLOWING,
    ),
    Personal(
        "comments.Notice",
        "follower",
        not_given=_("It says which answers stand in your next mail: you get that mail."),
        **_FOLLOWING,
    ),
    Personal("comments.Reaction", "user mark", **_REACTIONS),
    Personal("comments.Report", "text user network", **_REPORTS),
    Personal("comments.ModerationAction", "who reason verdict", **_LOG),
    Personal("comments.Standing", "key note who", **_STANDING),
    Personal(
        "comments.WriterNote",
        "key text who",
        what=_("Notes that moderators write about somebody, for each other."),
        why=_("So that a moderator knows what another one knows."),
        how_long=_("Until a moderator deletes it, or you erase everything."),
        not_given=_("They are the moderators' own words to each other."),
        erase="comments.erasing.notes",
    ),
    Personal(
        "comments.CareCase",
        "why kept_words handed_to closed_by note",
        not_given=_("Others were worried, and they are not named to anybody."),
        **_CARE,
    ),
    Personal(
        "comments.Learned",
        "tokens",
        what=_("How often words stood in spam and in other comments: numbers, and no text."),
        why=_("So that spam waits for a person, and nothing is sent to another company for it."),
        how_long=_("It is counted anew when words are erased."),
        not_given=_("Nobody can tell from these numbers whose words they were."),
        erase="comments.erasing.learned",
        with_words=True,
    ),
    Personal("comments.DutySlot", "moderator", **_DUTY),
    Personal("comments.DutyWish", "user", **_DUTY),
    Personal("comments.ModeratorMail", "user", **_DUTY),
    Personal("comments.Claim", "who", **_DUTY),
    Personal("comments.ConversationSettings", "care_second_contact", **_DUTY),
]
EXEMPT = [
    Exempt("comments.Announcement", "told", "whose turn was last, by number; goes within minutes"),
    Exempt(
        "comments.ConversationSettings",
        "care_help break_words reader_word spam_service spam_service_key checks_stamp avatar_key",
        "the owner's settings, and keys of the blog",
    ),
    Exempt("comments.Finding", "check_name", "the name of a check, from the code"),
    Exempt("comments.Learned", "quality", "how well it was learned, as numbers"),
    Exempt("comments.ModerationAction", "was", "the number of a content note, or a status"),
    Exempt("comments.Phrase", "text language", "phrases to look out for, chosen by the owner"),
    Exempt("comments.ReactionKind", "name folded", "words on buttons, chosen by the owner"),
    Exempt("comments.RemovalReason", "name text", "reasons that the blog offers"),
    Exempt("comments.SavedReply", "use title text", "replies that the blog offers its moderators"),
]
