"""What the apps hand to each other: lists of dotted paths, in the order in which they are asked.

They are settings like all others (``settings.EMAILS``); checks.py holds that each leads somewhere.
"""

# Functions that write a mail (accounts/mail/compose.py).
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
    "comments.guests.receipt_email.receipt",
    "comments.care.alerts.please_look",
    "comments.moderation.emails.removal",
    "blog.newsletter.emails.new_post",
    "blog.newsletter.emails.new_posts",
    "blog.newsletter.emails.trial",
]
# What a link in a mail can do (accounts/mail/links.py).
LINK_ACTIONS = [
    "accounts.mail.address_proofs.ProveAddress",
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
    "comments.guests.receipt_email.OpenReceipt",
    "blog.newsletter.emails.ReadPost",
    "blog.newsletter.emails.ManageSubscription",
    "blog.newsletter.emails.TestMailLink",
]
# Functions that are given an Address that was just proved (accounts/mail/address_proofs.py). They
# return a path to go to next, or None.
ADDRESS_PROVED_HOOKS = [
    "blog.newsletter.subscribe.next_url",
    "comments.subscriptions.subscribe.next_url",
    "comments.guests.address_proofs.next_url",
]
# Functions that are given the keys of mailboxes whose owner wants no more mails about what she
# follows (accounts/mail/mailboxes.py); they delete what is followed.
UNSUBSCRIBE_HOOKS = [
    "blog.newsletter.subscribe.end_subscriptions",
    "comments.subscriptions.subscribe.end_subscriptions",
]
# Modules with do_due() and due_since(), done in this order by `run_due` (config/due_work.py).
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
]
# Functions that yield what is kept no longer than it is needed (accounts/retention.py), in the
# order in which it is forgotten. Comments come last: other things go with them.
RETENTION_RULES = [
    "accounts.mail.outbox.retention_rules",
    "accounts.mail.links.retention_rules",
    "accounts.privacy.archives.retention_rules",
    "accounts.retention.sessions",
    "accounts.auth.sessions.retention_rules",
    "accounts.auth.email_change.retention_rules",
    "accounts.mail.retention.retention_rules",
    "blog.models.preview_links.retention_rules",
    "comments.privacy.retention.retention_rules",
]
# Functions that look at a comment before a person does (comments/checks/). Care comes first: what
# looks at `found` has to know of it. Whatever asks somebody else comes last.
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
# Functions that are given the blog's row and return the help block as HTML, or an empty text; the
# first that has one is heard (blog/context_processors.py).
HELP_BLOCKS = ["blog.context_processors.help_page_html", "comments.care.help_text.help_block"]
# Modules whose texts search finds (blog/search.py), in the order of their ticks.
SEARCH_SOURCES = ["blog.search", "comments.search"]
# Functions that are given a name and the account that wishes for it (None at sign-up). They return
# the sentence that refuses it, or "" (accounts/auth/usernames.py).
USERNAME_CHECKS = ["comments.posting.impersonation.refusal"]
# Functions that are given an account, who asks and the number of a page. They return what a public
# profile shows of it: a template and its context; raise LookupError where there is no such page.
PROFILE_SECTIONS = ["comments.threads.by_writer.profile_comments"]
# Modules that say what is kept about people, with DECLARATIONS and EXEMPTIONS
# (accounts/privacy/inventory.py). What stands on others is erased first, the account itself last.
PRIVACY_SOURCES = [
    "comments.privacy.inventory",
    "blog.privacy.inventory",
    "accounts.privacy.declarations",
]
# Modules that hide what is to be erased, and put it back when it is not
# (accounts/privacy/departure.py). What one needs to find the things of an author comes before they
# are given to another.
DEPARTURE_HANDLERS = ["comments.privacy.departure", "blog.privacy.departure"]
