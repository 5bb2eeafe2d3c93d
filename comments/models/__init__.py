"""Models of comments, moderation, reports, reactions and subscriptions."""

from comments.models.audit_log import ModerationAction
from comments.models.care import CareCase, DutyPreference, DutySlot
from comments.models.checks import CheckResult, ClassifierState, Phrase
from comments.models.comment import Comment
from comments.models.moderation import ModeratorMail, RemovalReason, ReviewLock, SavedReply
from comments.models.reactions import Reaction, ReactionKind
from comments.models.reports import Report
from comments.models.settings import ConversationSettings
from comments.models.standing import Reputation, WriterNote
from comments.models.subscriptions import DigestEntry, NotificationJob, Subscription
from comments.tree.appearances import VisibilityEvent
from comments.tree.numbering import ThreadCounter

__all__ = [
    "CareCase",
    "CheckResult",
    "ClassifierState",
    "Comment",
    "ConversationSettings",
    "DigestEntry",
    "DutyPreference",
    "DutySlot",
    "ModerationAction",
    "ModeratorMail",
    "NotificationJob",
    "Phrase",
    "Reaction",
    "ReactionKind",
    "RemovalReason",
    "Report",
    "Reputation",
    "ReviewLock",
    "SavedReply",
    "Subscription",
    "ThreadCounter",
    "VisibilityEvent",
    "WriterNote",
]
