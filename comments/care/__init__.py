"""Care: somebody should look at this person, soon. What is in its lane leaves it by a person."""
