"""The moderators' queue: what waits to be read, one card for each comment, and what is done there.

:mod:`.tabs` says which comments and in which order, :mod:`.cards` what a card holds,
:mod:`.deciding` does what a button says and tells it in a sentence.
"""
