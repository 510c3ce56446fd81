"""Browser contexts for one person after the other, each with a page: what is personal goes, what everybody gets stays.

A new page costs half a second of processor: a process to begin, and the scripts of the product to fetch and translate once more.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from typing import Any
from weakref import WeakSet

from playwright.sync_api import Browser, BrowserContext, Page

PERSONAL = "local_storage,indexeddb,cache_storage,service_workers,file_systems"
# Whoever calls one of these wants a page, or what it is in, that behaves otherwise, and some of it cannot be taken back.
_CHANGES = {
    Page: ("on", "once", "route", "route_web_socket", "emulate_media", "set_viewport_size", "add_init_script", "expose_function"),
    BrowserContext: ("add_init_script", "new_cdp_session", "route_web_socket", "set_extra_http_headers", "expose_function"),
}
_changed: WeakSet[Page | BrowserContext] = WeakSet()


def _note_changes() -> None:
    for kind, names in _CHANGES.items():
        for name in names:
            setattr(kind, name, _noting(getattr(kind, name)))


def _noting(method: Any) -> Any:
    @functools.wraps(method)
    def note(self: Any, *arguments: Any, **options: Any) -> Any:
        _changed.add(self)
        return method(self, *arguments, **options)

    return note


_note_changes()


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
        """A context without cookies, storage and permissions, with one blank page, for this origin and with these options of Playwright."""
        kind = repr((url, sorted(options.items())))
        if self._free[kind]:
            return self._free[kind].pop()
        context = self._browser.new_context(base_url=url, **options)
        context.new_page()
        self._kinds[context] = (kind, url)
        return context

    def give_back(self, context: BrowserContext) -> None:
        kind, url = self._kinds[context]
        if context in _changed:
            del self._kinds[context]
            context.close()
            return
        context.unroute_all()
        page = self._blank_page(context)
        context.clear_cookies()
        context.clear_permissions()
        context.set_offline(False)
        # Last, since a page that is left may still write its draft.
        devtools = context.new_cdp_session(page)
        _changed.discard(context)
        devtools.send("Storage.clearDataForOrigin", {"origin": url, "storageTypes": PERSONAL})
        devtools.send("Page.resetNavigationHistory")
        devtools.detach()
        self._free[kind].append(context)

    def _blank_page(self, context: BrowserContext) -> Page:
        """One that nobody has changed, and no other."""
        first, *others = context.pages or [context.new_page()]
        if first in _changed:
            others.append(first)
            first = context.new_page()
        for page in others:
            page.close()
        first.mouse.move(-1, -1)
        first.goto("about:blank")
        return first
