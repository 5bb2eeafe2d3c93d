"""The registries by which apps extend each other: lists of dotted paths, in order of use.

They are ordinary settings (``settings.EMAILS``); checks.py verifies that each path can be imported.
"""

# Functions that compose a mail (accounts/mail/compose.py).
EMAILS = [
    "accounts.mail.address_proofs.proof",
    "accounts.auth.email_change.new_address",
    "accounts.auth.email_change.old_address",
    "accounts.auth.invitations.invitation",
    "accounts.privacy.archives.archive_ready",
    "accounts.privacy.guest_access.own_things",
    "accounts.privacy.departure.leaving",
    "comments.digests.emails.to_decide",
    "comments.subscriptions.emails.answer",
    "comments.subscriptions.emails.digest",
    "comments.guests.emails.receipt",
    "comments.care.emails.please_look",
    "comments.moderation.emails.removal",
    "blog.newsletter.emails.new_post",
    "blog.newsletter.emails.new_posts",
    "blog.newsletter.emails.trial",
]
# The actions of links in mails (accounts/mail/links.py).
LINK_ACTIONS = [
    "accounts.mail.address_proofs.VerifyAddress",
    "accounts.auth.email_change.ConfirmNewAddress",
    "accounts.auth.email_change.ReleaseOldAddress",
    "accounts.auth.invitations.AcceptInvitation",
    "accounts.privacy.archives.OpenArchive",
    "accounts.privacy.guest_access.GuestDataAction",
    "accounts.privacy.departure.CancelErasure",
    "comments.digests.email_actions.DecideByEmail",
    "comments.digests.emails.StopModeratorDigest",
    "comments.subscriptions.emails.ReadComment",
    "comments.subscriptions.emails.Unsubscribe",
    "comments.subscriptions.emails.UnsubscribeAll",
    "comments.guests.emails.OpenReceipt",
    "blog.newsletter.emails.ReadPost",
    "blog.newsletter.emails.ManageSubscription",
    "blog.newsletter.emails.TestMailLink",
]
# Functions that are given an Address that was just verified (accounts/mail/address_proofs.py).
# They return a path to redirect to, or None.
ADDRESS_VERIFIED_HOOKS = [
    "blog.newsletter.subscribe.next_url",
    "comments.subscriptions.subscribe.next_url",
    "comments.guests.recognition.next_url",
]
# Functions that are given an address whose mailbox refuses mails for good, and since when; None as
# soon as it takes them again (accounts/mail/refusals.py). They mark what it wished for.
REFUSAL_HOOKS = [
    "blog.newsletter.subscribe.mark_refused",
    "comments.subscriptions.subscribe.mark_refused",
]
# Functions that are given the keys of recipients who unsubscribed from everything
# (accounts/mail/mailboxes.py); they delete the subscriptions.
UNSUBSCRIBE_HOOKS = [
    "blog.newsletter.subscribe.end_subscriptions",
    "comments.subscriptions.subscribe.end_subscriptions",
]
# Modules with do_due() and due_since(), run in this order by `run_due` (config/due_work.py).
DUE_WORK = [
    "comments.care.alerts",
    "comments.digests.due",
    "comments.subscriptions.fan_out",
    "accounts.privacy.archives",
    "blog.newsletter.send",
    "accounts.mail.outbox",
    "accounts.privacy.departure",
    "blog.syndication.websub",
    "blog.syndication.indexnow",
    "comments.spam.learning",
    "accounts.retention",
    "blog.publishing.rerender",
    # Last, as it finishes what the others delete.
    "accounts.scrubbing.schedule",
]
# Functions that yield retention rules (accounts/retention.py), in the order of application.
# Comments come last: other data is deleted along with them.
RETENTION_RULES = [
    "accounts.mail.outbox.retention_rules",
    "accounts.mail.links.retention_rules",
    "accounts.privacy.archives.retention_rules",
    "accounts.retention.sessions",
    "accounts.auth.sessions.retention_rules",
    "accounts.auth.email_change.retention_rules",
    "accounts.mail.retention.retention_rules",
    "blog.models.preview_links.retention_rules",
    "blog.publishing.trash.retention_rules",
    "comments.privacy.retention.retention_rules",
]
# Functions that check a new comment before a person does (comments/spam/). Care comes first:
# checks that look at `found` depend on it. A check that calls an external service comes last.
COMMENT_CHECKS = [
    "comments.spam.text_checks.care_phrases",
    "comments.spam.text_checks.banned",
    "comments.spam.form_checks.hidden_field",
    "comments.spam.form_checks.form_time",
    "comments.spam.rate_checks.rate",
    "comments.spam.rate_checks.same_words",
    "comments.spam.text_checks.links",
    "comments.spam.text_checks.phrases",
    "comments.spam.learning.like_spam",
    "comments.spam.akismet.spam_service",
]
# Functions that are given the blog's row and return the help block as HTML, or ""; the first
# result that is not empty is used (blog/context_processors.py).
HELP_BLOCKS = ["blog.context_processors.help_page_html", "comments.care.help_text.help_block"]
# Modules that search covers (blog/search.py), in the order of their checkboxes.
SEARCH_SOURCES = ["blog.search", "comments.search"]
# Functions that are given a name and the account that asks for it (None at sign-up). They return
# the sentence that refuses it, or "" (accounts/auth/usernames.py).
USERNAME_CHECKS = ["comments.posting.impersonation.refusal"]
# Functions that are given an account and a page number. They return a section of its public
# profile: a template and its context; raise LookupError if there is no such page.
PROFILE_SECTIONS = [
    "blog.authors.profile.profile_posts",
    "comments.threads.by_writer.profile_comments",
]
# Modules that declare personal data, with DECLARATIONS and EXEMPTIONS
# (accounts/privacy/registry.py). Dependent rows are erased first, the account itself last.
PRIVACY_SOURCES = [
    "comments.privacy.inventory",
    "blog.privacy.inventory",
    "accounts.privacy.inventory",
]
# Modules that hide a person's data before it is erased, and restore it if that is cancelled
# (accounts/privacy/departure.py). Order matters: what is found by way of an author's posts is
# handled before the posts are reassigned.
DEPARTURE_HANDLERS = ["comments.privacy.departure", "blog.privacy.departure"]
