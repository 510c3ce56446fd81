"""A browser's tab without a browser: it applies live events by the rules of `static/js/log.js`, on HTML source instead of a DOM."""

from tests.page.articles import Article, read_articles
from tests.page.person import Answered, Person
from tests.page.tab import Tab

__all__ = ["Answered", "Article", "Person", "Tab", "read_articles"]
