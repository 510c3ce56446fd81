"""Questions about mails."""
