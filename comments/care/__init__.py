"""Care: comments whose writers somebody should look after soon. Only a person closes a case."""
