"""What the apps hand to each other: lists of dotted paths, in the order in which they are asked.

They are settings like all others (``settings.MAILS``); checks.py holds that each leads somewhere.
"""

# Functions that write a mail (accounts/letters.py).
MAILS = [
    "accounts.addresses.proof",
    "accounts.address_change.new_address",
    "accounts.address_change.old_address",
    "accounts.invitations.invitation",
    "accounts.archives.archive_ready",
    "accounts.own_things.own_things",
    "accounts.leaving.leaving",
    "comments.waiting_mail.to_decide",
    "comments.letters.answer",
    "comments.letters.digest",
    "comments.receipt_mail.receipt",
    "comments.care.letters.please_look",
    "comments.removal_mail.removal",
    "blog.letters.new_post",
    "blog.letters.new_posts",
    "blog.letters.trial",
]
# What a link in a mail can do (accounts/links.py).
LINK_ACTIONS = [
    "accounts.addresses.ProveAddress",
    "accounts.address_change.ProveNew",
    "accounts.address_change.LeaveOld",
    "accounts.invitations.Accept",
    "accounts.archives.OpenArchive",
    "accounts.own_things.OwnThings",
    "accounts.leaving.TakeBack",
    "comments.mail_choice.Decide",
    "comments.waiting_mail.StopToDecide",
    "comments.letters.Read",
    "comments.letters.Unfollow",
    "comments.letters.UnfollowAll",
    "comments.receipt_mail.OpenReceipt",
    "blog.letters.ReadPost",
    "blog.letters.Letters",
    "blog.letters.OfATrial",
]
# Functions that are given an Address that was just proved (accounts/addresses.py). They return a
# path to go to next, or None.
WHEN_PROVED = [
    "blog.subscribing.way_on",
    "comments.following.way_on",
    "comments.recognising.way_on",
]
# Functions that are given the keys of mailboxes whose owner wants no more mails about what she
# follows (accounts/mailboxes.py); they delete what is followed.
WHEN_STOPPED = ["blog.subscribing.end", "comments.following.end"]
# Modules with do_due() and due_since(), done in this order by `run_due` (config/due.py).
DUE_WORK = [
    "comments.care.alerts",
    "comments.rounds",
    "comments.notify",
    "accounts.archives",
    "blog.mailing",
    "accounts.outbox",
    "accounts.leaving",
    "blog.hub",
    "blog.indexnow",
    "comments.checks.learning",
    "accounts.purging",
]
# Functions that yield what is kept no longer than it is needed (accounts/purging.py), in the order
# in which it is forgotten. Comments come last: other things go with them.
PURGES = [
    "accounts.outbox.old",
    "accounts.links.old",
    "accounts.archives.old",
    "accounts.purging.sessions",
    "accounts.devices.old",
    "accounts.address_change.old",
    "accounts.wishes.old",
    "blog.preview_links.old",
    "comments.keeping.old",
]
# Functions that look at a comment before a person does (comments/checks/). Care comes first: what
# looks at `found` has to know of it. Whatever asks somebody else comes last.
COMMENT_CHECKS = [
    "comments.care.check.care_phrases",
    "comments.checks.writers.banned",
    "comments.checks.form.hidden_field",
    "comments.checks.form.form_time",
    "comments.checks.sending.rate",
    "comments.checks.sending.same_words",
    "comments.checks.words.links",
    "comments.checks.words.phrases",
    "comments.checks.learning.like_spam",
    "comments.checks.service.spam_service",
]
# Functions that are given the blog's row and return the help block as HTML, or an empty text; the
# first that has one is heard (blog/help.py).
HELP_BLOCKS = ["blog.help.page", "comments.care.help.block"]
# Modules whose texts search finds (blog/search.py), in the order of their ticks.
SEARCH_SOURCES = ["blog.search", "comments.search"]
# Functions that are given a name and the account that wishes for it (None at sign-up). They return
# the sentence that refuses it, or "" (accounts/names.py).
NAME_CHECKS = ["comments.likeness.refusal"]
# Functions that are given an account, who asks and the number of a page. They return what a public
# profile shows of it: a template and its context; raise LookupError where there is no such page.
PROFILE_PARTS = ["comments.gathered.comments_of"]
# Modules that say what is kept about people, with DECLARED and EXEMPT (accounts/inventory.py). What
# stands on others is erased first, the account itself last.
PERSONAL = ["comments.personal", "blog.personal", "accounts.personal"]
# Modules that hide what is to be erased, and put it back when it is not (accounts/leaving.py). What
# one needs to find the things of an author comes before they are given to another.
LEAVING = ["comments.leaving", "blog.leaving"]
