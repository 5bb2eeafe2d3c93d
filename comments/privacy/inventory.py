"""The personal data in the comments app's tables: why it is stored, how long, and its handlers."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import DataSubject, Event, Exemption, PersonalData
from comments.models import Comment

ERASED, WITHDRAWN = Event.ERASED, Event.WITHDRAWN
DISOWNED, OUTDATED = Event.DISOWNED, Event.OUTDATED


def comments_of(subject: DataSubject) -> QuerySet[Comment]:
    """Return the comments of a person: those of their account and of their verified addresses."""
    own = Q(verified_address__in=subject.address_keys)
    if subject.user:
        own |= Q(user=subject.user)
    written = Comment.objects.filter(own)
    return written.filter(created_at__lte=subject.until) if subject.until else written


_COMMENTS = {
    "what": _("Your comments: the text and the name you gave."),
    "why": _("So readers can read them and reply to you."),
    "how_long": _("Until you delete them. Removed text and spam are deleted after a month."),
    "export": "comments.privacy.export.comments",
    "erase": "comments.privacy.erase.erase_comments",
    "goes_with_text": True,
}
_CHECKED = {
    "what": _("What the checks found in your comments."),
    "why": _("So a moderator sees why a comment is waiting."),
    "how_long": _("As long as the comment."),
    "erase": "comments.privacy.erase.erase_comments",
    "goes_with_text": True,
}
_FOLLOWING = {
    "what": _("What you want to get emails about, and how often."),
    "why": _("So you get these emails and no others."),
    "how_long": _("Until you unsubscribe; one week if you never confirmed it."),
    "erase": "comments.privacy.erase.erase_subscriptions",
}
_REACTIONS = {
    "what": _("Comments you supported, and the date."),
    "why": _("So each counts once, and you can undo it."),
    "how_long": _("Until you undo it. No one can tell one guest’s support from another’s."),
    "export": "comments.privacy.export.reactions",
    "erase": "comments.privacy.erase.reactions",
}
_REPORTS = {
    "what": _("What you reported to the moderators, and why."),
    "why": _("So someone takes a look, and each person counts once."),
    "how_long": _("As long as the comment; the hash of your network is deleted after a week."),
    "export": "comments.privacy.export.reports",
    "erase": "comments.privacy.erase.reports",
}
_LOG = {
    "what": _("What was decided about your comments, when and why."),
    "why": _("So decisions can be reviewed, including by you."),
    "how_long": _(
        "The action and its date are kept. Reasons and names are deleted when "
        "you delete all your comments."
    ),
    "export": "comments.privacy.export.decisions",
    "erase": "comments.privacy.erase.log_entries",
}
_STANDING = {
    "what": _("Whether moderators trust you or have banned you, stored only as a keyed hash."),
    "why": _("So people who hurt others here can’t leave and start over."),
    "how_long": _(
        "Trust is deleted with your account. A ban stays until it ends, as a hash that "
        "names no one."
    ),
    "export": "comments.privacy.export.standing",
    "erase": "comments.privacy.erase.erase_reputations",
}
_CARE = {
    "what": _("That someone was worried about you, and what was done."),
    "why": _("So no one who is in danger is overlooked."),
    "how_long": _(
        "If you delete a comment before a moderator has looked, moderators can read it "
        "for up to seven days. Notes are deleted when you delete all your comments."
    ),
    "erase": "comments.privacy.erase.care",
}
_DUTY = {
    "what": _(
        "If you moderate: when you’re on call, which emails you want, and what you’re working on."
    ),
    "why": _("So moderators know who is on call and who is off."),
    "how_long": _("Until you change it, or delete your account."),
    "export": "comments.privacy.export.duty",
    "erase": "comments.privacy.erase.duty",
}


def _of_comment(fields, *events, **labels):
    """Declare fields of a comment: the events that clear them, and their labels in an export."""
    leaves_on = frozenset(events)
    return PersonalData("comments.Comment", fields, leaves_on=leaves_on, labels=labels, **_COMMENTS)


DECLARATIONS = [
    _of_comment("body body_html same_words", ERASED, WITHDRAWN, OUTDATED, body=_("Your comment")),
    _of_comment("held_because content_note", ERASED, WITHDRAWN),
    _of_comment("name", ERASED, WITHDRAWN, DISOWNED),
    _of_comment("user claimed_at", ERASED, DISOWNED, claimed_at=_("Added to your account")),
    _of_comment("verified_address", ERASED, WITHDRAWN, DISOWNED),
    # The form's token was derived from the name and the text.
    _of_comment("submission", ERASED, WITHDRAWN, DISOWNED, OUTDATED),
    # With another one, it no longer has the picture of its writer's other comments on the post.
    _of_comment("salt", ERASED, DISOWNED),
    _of_comment("receipt receipt_made_at", ERASED, receipt_made_at=_("Private link created")),
    # A tombstone keeps its source, so that no import brings the text back.
    _of_comment("source source_id"),
    PersonalData(
        "comments.Comment",
        "email",
        what=_("The email address you gave with a comment, if any. It’s never shown."),
        why=_("So we can ask whether it’s yours, and you can get replies if you want them."),
        how_long=_("Until you delete or erase the comment, and for a month after it was removed."),
        export="comments.privacy.export.comments",
        erase="comments.privacy.erase.typed_addresses",
        leaves_on=frozenset({ERASED, WITHDRAWN, DISOWNED, OUTDATED}),
        labels={"email": _("Email address you gave")},
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
        not_exported_because=_(
            "It lists the comments in your next email, and you’ll get that email."
        ),
        **_FOLLOWING,
    ),
    PersonalData("comments.Reaction", "user mark", **_REACTIONS),
    PersonalData("comments.Report", "text user network", **_REPORTS),
    PersonalData("comments.ModerationAction", "who reason verdict", **_LOG),
    PersonalData("comments.Reputation", "key note who", **_STANDING),
    PersonalData(
        "comments.WriterNote",
        "key text who",
        what=_("Notes that moderators write about someone, for each other."),
        why=_("So moderators share what they know."),
        how_long=_("Until a moderator deletes them, or you delete everything."),
        not_exported_because=_("They are private notes between moderators."),
        erase="comments.privacy.erase.notes",
    ),
    PersonalData(
        "comments.CareCase",
        "why kept_words handed_to closed_by note",
        not_exported_because=_("Other people were worried, and they’re never named to anyone."),
        **_CARE,
    ),
    PersonalData(
        "comments.ClassifierState",
        "tokens",
        what=_("How often words appeared in spam and in other comments: numbers, no text."),
        why=_(
            "So spam is held for a person to review, and nothing is sent to another company for it."
        ),
        how_long=_("The numbers are recounted when someone deletes all their comments."),
        not_exported_because=_("No one can tell from these numbers whose words they were."),
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
