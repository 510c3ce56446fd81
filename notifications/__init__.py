"""Messages to people: the one door to e-mail, and what happens when a mail does not go out."""
