"""The exception by which a rule refuses an action, with a sentence for the person who tried it.

One class serves all apps. A rule whose caller has to distinguish refusals defines a subclass; so
far none does.
"""


class Refused(Exception):
    """The action was refused and nothing changed. ``sentence`` tells the person why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
