"""Browser contexts for one person after the other: what is personal goes, what everybody gets (scripts, styles) stays cached."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from playwright.sync_api import Browser, BrowserContext

PERSONAL = "local_storage,indexeddb,cache_storage,service_workers,file_systems"


class Contexts:
    """Of one browser. `take` one, and `give_back` it once nobody holds its pages any more."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: defaultdict[str, list[BrowserContext]] = defaultdict(list)
        self._kinds: dict[BrowserContext, tuple[str, str]] = {}
        page = browser.new_page()
        self.agent: str = page.evaluate("navigator.userAgent")
        page.close()

    def take(self, url: str, options: dict[str, Any]) -> BrowserContext:
        """A context without cookies, storage, permissions and pages, for this origin and with these options of Playwright."""
        kind = repr((url, sorted(options.items())))
        if self._free[kind]:
            return self._free[kind].pop()
        context = self._browser.new_context(base_url=url, **options)
        self._kinds[context] = (kind, url)
        return context

    def give_back(self, context: BrowserContext) -> None:
        for page in context.pages:
            page.close()
        context.clear_cookies()
        context.clear_permissions()
        context.set_offline(False)
        context.unroute_all()
        kind, url = self._kinds[context]
        # Last, since a page that closes may still write its draft.
        blank = context.new_page()
        context.new_cdp_session(blank).send("Storage.clearDataForOrigin", {"origin": url, "storageTypes": PERSONAL})
        blank.close()
        self._free[kind].append(context)
