"""How a rule says no: it raises ``Refused`` with a sentence, and whoever asked reads it.

One class for all apps. A rule whose caller has to tell two refusals apart makes a subclass; so far
none does.
"""


class Refused(Exception):
    """Nothing was changed. ``sentence`` says why, for the person who asked."""

    def __init__(self, sentence: str) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
