"""Generated avatars: a small quilt block per writer, drawn here, without any third party.

The URL of an avatar is a short keyed hash, and the picture is drawn from that hash alone. Only
the database and the cache know the key (``ConversationSettings.avatar_key``), so nobody can test
a guessed account or address against a picture. See docs/accounts.md.
"""

import base64
import hmac
import re
import secrets

# 60 bits as base32: of 100,000 writers two have the same hash once in 10^8 blogs, and a hash
# is no secret and opens nothing. A page holds 150 of them, and randomness does not compress.
HASH = re.compile(r"[a-z2-7]{12}")
PATH = "/avatars/"

# Grounds of middle lightness have enough contrast with the light and the dark theme; tints go on
# top of them. Earth, ochre, moss, sage, slate, dusk, heather, rose.
GROUNDS = "#8f5a44 #967238 #6c7646 #4d7766 #4a7082 #62668c #7d5d7c #92586a".split()
TINTS = "#ecd0bd #eedcb2 #dbe0bb #c6dfd3 #c6dce5 #d3d6ea #e4d0e3 #ecccd3".split()
# The shapes on one patch of 4 by 4: nothing, a leaf either way, a disc, a quarter of a larger
# disc from each corner.
SHAPES = (
    "",
    "M{x} {y}a4 4 0 0 1 4 4a4 4 0 0 1-4-4z",
    "M{r} {y}a4 4 0 0 1-4 4a4 4 0 0 1 4-4z",
    "M{x} {m}a2 2 0 0 0 4 0a2 2 0 0 0-4 0z",
    "M{x} {y}h4a4 4 0 0 1-4 4z",
    "M{r} {y}v4a4 4 0 0 1-4-4z",
    "M{r} {b}h-4a4 4 0 0 1 4-4z",
    "M{x} {b}v-4a4 4 0 0 1 4 4z",
)
# One quarter of the block; the others mirror it. Never turned instead: some turned blocks would
# be a swastika, and no mirrored one is.
PATCHES = ((0, 0), (4, 0), (0, 4), (4, 4))
MIRRORS = ("matrix(-1 0 0 1 16 0)", "matrix(1 0 0-1 0 16)", "rotate(180 8 8)")


def new_key() -> str:
    """Return a random 256-bit key for a blog's avatars, made once."""
    return secrets.token_hex(32)


def new_salt() -> str:
    """Return a random salt that tells guests with the same name apart."""
    return secrets.token_hex(6)


def shown_account(comment) -> int | None:
    """Return the key of the account that readers see as a comment's writer, or None.

    A guest's comment that an account claimed later remains a guest's for everybody else.
    """
    return None if comment.claimed_at else comment.user_id


def path_of(key: str, comment) -> str:
    """Return the URL path of a comment's avatar.

    ``key`` is the blog's; ``comment`` has user_id, claimed_at, verified_address_id, name and salt.
    An account or a verified address has one avatar everywhere. A name proves nothing, so each
    comment under a mere name has its own.
    """
    if (account := shown_account(comment)) is not None:
        who = f"account {account}"
    elif comment.verified_address_id is not None:
        who = f"address {comment.verified_address_id}"
    else:
        who = f"name {comment.salt} {comment.name}"
    digest = hmac.digest(key.encode(), who.encode(), "sha256")
    return f"{PATH}{base64.b32encode(digest)[:12].decode().lower()}.svg"


def draw(text: str) -> str:
    """Return the SVG for a hash (see ``HASH``): always the same one, below 700 bytes."""
    bits = int.from_bytes(base64.b32decode(text.upper() + "====")[:7])
    bits, ground = divmod(bits, len(GROUNDS))
    bits, tint = divmod(bits, len(TINTS))
    layers = ["", ""]
    for x, y in PATCHES:
        bits, shape = divmod(bits, len(SHAPES))
        bits, layer = divmod(bits, len(layers))
        layers[layer] += SHAPES[shape].format(x=x, y=y, r=x + 4, b=y + 4, m=y + 2)
    mirrored = "".join(f'<use href="#a" transform="{mirror}"/>' for mirror in MIRRORS)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
        f'<path fill="{GROUNDS[ground]}" d="M0 0h16v16H0z"/><g id="a" fill="{TINTS[tint]}">'
        f'<path d="{layers[0]}"/><path opacity=".5" d="{layers[1]}"/></g>{mirrored}</svg>'
    )
