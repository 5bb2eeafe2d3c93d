"""What can be done from an author's desk, the first page of the admin: take a break, answer."""
