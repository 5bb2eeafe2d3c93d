"""The moderators' queue: what waits to be read, one card for each comment, and what is done there.

:mod:`.tabs` says which comments and in which order, :mod:`.cards` what a card holds. A press goes
from :mod:`.act_views`, which checks it, to :mod:`.deciding`, which does it, to :mod:`.desk`, which
answers.
"""
