"""The personal data in the comments app's tables: why it is stored, how long, and its handlers."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import DataSubject, Event, Exemption, PersonalData
from comments.models import Comment

ERASED, WITHDRAWN = Event.ERASED, Event.WITHDRAWN
DISOWNED, OUTDATED = Event.DISOWNED, Event.OUTDATED


def comments_of(subject: DataSubject) -> QuerySet[Comment]:
    """Return the comments of a person: those of their account and of their proved addresses."""
    own = Q(proved_address__in=subject.address_keys)
    if subject.user:
        own |= Q(user=subject.user)
    written = Comment.objects.filter(own)
    return written.filter(created_at__lte=subject.until) if subject.until else written


_COMMENTS = {
    "what": _("Your comments: the words and the name you gave."),
    "why": _("So that readers can read and answer you."),
    "how_long": _(
        "Until you take them back or erase them. Removed words go after a month, and so does spam."
    ),
    "export": "comments.privacy.export.comments",
    "erase": "comments.privacy.erase.erase_comments",
    "goes_with_text": True,
}
_CHECKED = {
    "what": _("What the checks found in a comment of yours."),
    "why": _("So that a moderator sees why it waits."),
    "how_long": _("As long as the comment."),
    "erase": "comments.privacy.erase.erase_comments",
    "goes_with_text": True,
}
_FOLLOWING = {
    "what": _("What you wish to hear of by mail, and how often."),
    "why": _("So that you get these mails and no other."),
    "how_long": _("Until you end it; a week if you never confirmed it."),
    "erase": "comments.privacy.erase.erase_subscriptions",
}
_REACTIONS = {
    "what": _("Which comments you were with, by a press on a button, and on which day."),
    "why": _("So that it counts once, and you can take it back."),
    "how_long": _("Until you take it back. A guest's cannot be told from another's by anybody."),
    "export": "comments.privacy.export.reactions",
    "erase": "comments.privacy.erase.reactions",
}
_REPORTS = {
    "what": _("What you reported to the moderators, and why."),
    "why": _("So that somebody looks, and one person counts once."),
    "how_long": _("As long as the comment; the hash of your network goes after a week."),
    "export": "comments.privacy.export.reports",
    "erase": "comments.privacy.erase.reports",
}
_LOG = {
    "what": _("What was decided about your comments, when, and why."),
    "why": _("So that decisions can be looked at again, also by you."),
    "how_long": _("The act and its day stay. Reasons and names go when you erase your words."),
    "export": "comments.privacy.export.decisions",
    "erase": "comments.privacy.erase.log_entries",
}
_STANDING = {
    "what": _("Whether moderators trust you, or have banned you, by a keyed hash alone."),
    "why": _("So that who hurt others here cannot begin anew by leaving."),
    "how_long": _(
        "Trust goes with your account. A ban stays until it ends, as a hash that names nobody."
    ),
    "export": "comments.privacy.export.standing",
    "erase": "comments.privacy.erase.erase_reputations",
}
_CARE = {
    "what": _("That somebody was worried about you, and what was done."),
    "why": _("So that somebody who is in danger is not overlooked."),
    "how_long": _(
        "Words that you take back while nobody has looked stay for moderators for seven days at "
        "most. Notes go when you erase your words."
    ),
    "erase": "comments.privacy.erase.care",
}
_DUTY = {
    "what": _("If you moderate: when you are on duty, which mails you wish, what you work on."),
    "why": _("So that moderators know who looks now, and who rests."),
    "how_long": _("Until you change it, or erase your account."),
    "export": "comments.privacy.export.duty",
    "erase": "comments.privacy.erase.duty",
}


def _of_comment(fields, *events, **labels):
    """Declare fields of a comment: the events that clear them, and their labels in an export."""
    leaves_on = frozenset(events)
    return PersonalData("comments.Comment", fields, leaves_on=leaves_on, labels=labels, **_COMMENTS)


DECLARATIONS = [
    _of_comment("body body_html same_words", ERASED, WITHDRAWN, OUTDATED, body=_("Your words")),
    _of_comment("held_because content_note", ERASED, WITHDRAWN),
    _of_comment("name", ERASED, WITHDRAWN, DISOWNED),
    _of_comment("user claimed_at", ERASED, DISOWNED, claimed_at=_("Taken into your account")),
    _of_comment("proved_address", ERASED, WITHDRAWN, DISOWNED),
    # The form's token was derived from the name and the text.
    _of_comment("submission", ERASED, WITHDRAWN, DISOWNED, OUTDATED),
    _of_comment("salt receipt receipt_made_at", ERASED, receipt_made_at=_("Private link made")),
    # A tombstone keeps its source, so that no import brings the text back.
    _of_comment("source source_id"),
    PersonalData(
        "comments.Comment",
        "email",
        what=_("The address beside a comment, if you gave one. It is never shown."),
        why=_("So that you can be asked whether it is yours, and hear of answers if you wish."),
        how_long=_(
            "Until you take the comment back or erase it, and for a month after it was removed."
        ),
        export="comments.privacy.export.comments",
        erase="comments.privacy.erase.typed_addresses",
        leaves_on=frozenset({ERASED, WITHDRAWN, DISOWNED, OUTDATED}),
        labels={"email": _("Address that you gave")},
    ),
    PersonalData(
        "comments.CheckResult", "reason", export="comments.privacy.export.comments", **_CHECKED
    ),
    PersonalData(
        "comments.Subscription",
        "key follower user address",
        export="comments.privacy.export.followings",
        **_FOLLOWING,
    ),
    PersonalData(
        "comments.DigestEntry",
        "follower",
        not_exported_because=_("It says which answers stand in your next mail: you get that mail."),
        **_FOLLOWING,
    ),
    PersonalData("comments.Reaction", "user mark", **_REACTIONS),
    PersonalData("comments.Report", "text user network", **_REPORTS),
    PersonalData("comments.ModerationAction", "who reason verdict", **_LOG),
    PersonalData("comments.Reputation", "key note who", **_STANDING),
    PersonalData(
        "comments.WriterNote",
        "key text who",
        what=_("Notes that moderators write about somebody, for each other."),
        why=_("So that a moderator knows what another one knows."),
        how_long=_("Until a moderator deletes it, or you erase everything."),
        not_exported_because=_("They are the moderators' own words to each other."),
        erase="comments.privacy.erase.notes",
    ),
    PersonalData(
        "comments.CareCase",
        "why kept_words handed_to closed_by note",
        not_exported_because=_("Others were worried, and they are not named to anybody."),
        **_CARE,
    ),
    PersonalData(
        "comments.ClassifierState",
        "tokens",
        what=_("How often words stood in spam and in other comments: numbers, and no text."),
        why=_("So that spam waits for a person, and nothing is sent to another company for it."),
        how_long=_("It is counted anew when words are erased."),
        not_exported_because=_("Nobody can tell from these numbers whose words they were."),
        erase="comments.privacy.erase.learned",
        goes_with_text=True,
    ),
    PersonalData("comments.DutySlot", "moderator", **_DUTY),
    PersonalData("comments.DutyPreference", "user", **_DUTY),
    PersonalData("comments.ModeratorMail", "user", **_DUTY),
    PersonalData("comments.ReviewLock", "who", **_DUTY),
    PersonalData("comments.ConversationSettings", "care_second_contact", **_DUTY),
]
EXEMPTIONS = [
    Exemption(
        "comments.NotificationJob", "told", "whose turn was last, by number; goes within minutes"
    ),
    Exemption(
        "comments.ConversationSettings",
        "care_help break_words reader_word spam_service spam_service_key checks_stamp avatar_key",
        "the owner's settings, and keys of the blog",
    ),
    Exemption("comments.CheckResult", "check_name", "the name of a check, from the code"),
    Exemption("comments.ClassifierState", "quality", "how well it was learned, as numbers"),
    Exemption("comments.ModerationAction", "was", "the number of a content note, or a status"),
    Exemption("comments.Phrase", "text language", "phrases to look out for, chosen by the owner"),
    Exemption("comments.ReactionKind", "name folded", "words on buttons, chosen by the owner"),
    Exemption("comments.RemovalReason", "name text", "reasons that the blog offers"),
    Exemption(
        "comments.SavedReply", "use title text", "replies that the blog offers its moderators"
    ),
]
