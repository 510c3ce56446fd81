"""How texts become words and how what people type becomes a query. Pure: nothing here asks the database."""
