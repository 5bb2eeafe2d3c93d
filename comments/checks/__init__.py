"""What looks at a comment before a person does. ``settings.COMMENT_CHECKS`` lists the checks.

Each is a small function that is given a :class:`Submission` and returns a ``Found`` or None. They
are asked in their order before any lock is taken (:func:`ask`); what follows from their answers is
decided under it (:func:`judge`). None of them can throw anything away.
"""

from comments.checks.judging import OF_THE_FORM, Asked, Judgement, ask, judge, put
from comments.checks.submission import SentForm, Submission

__all__ = ["OF_THE_FORM", "Asked", "Judgement", "SentForm", "Submission", "ask", "judge", "put"]
