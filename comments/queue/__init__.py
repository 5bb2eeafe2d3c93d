"""The moderation queue: the comments to review, one card each, and the actions on them.

:mod:`.tabs` selects and orders the comments, :mod:`.cards` loads what a card shows. A request goes
from :mod:`.action_views`, which checks it, to :mod:`.actions`, which carries it out, to
:mod:`.responses`, which answers.
"""
