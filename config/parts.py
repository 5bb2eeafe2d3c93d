"""What the apps hand to each other: lists of dotted paths, in the order in which they are asked.

They are settings like all others (``settings.MAILS``); checks.py holds that each leads somewhere.
"""

# Functions that write a mail (accounts/letters.py).
MAILS = [
    "accounts.addresses.proof",
    "comments.letters.answer",
    "comments.letters.digest",
    "comments.receipt_mail.receipt",
]
# What a link in a mail can do (accounts/links.py).
LINK_ACTIONS = [
    "accounts.addresses.ProveAddress",
    "comments.letters.Read",
    "comments.letters.Unfollow",
    "comments.letters.UnfollowAll",
    "comments.receipt_mail.OpenReceipt",
]
# Functions that are given an Address that was just proved (accounts/addresses.py). They return a
# path to go to next, or None.
WHEN_PROVED = ["comments.following.way_on", "comments.recognising.way_on"]
# Modules with do_due() and due_since(), done in this order by `run_due` (config/due.py).
DUE_WORK = ["comments.notify", "accounts.outbox", "accounts.links", "blog.hub"]
# Modules whose texts search finds (blog/search.py), in the order of their ticks.
SEARCH_SOURCES = ["blog.search", "comments.search"]
