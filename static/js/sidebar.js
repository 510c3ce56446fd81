/* The list of conversations: rows come, move and go; headings by age; a filter; the drawer of a phone. */
import { get, main, parse, setTitle } from "./page.js";

const AGES = [[0, "Today"], [1, "Yesterday"], [7, "Last 7 days"], [30, "Last 30 days"]];
const list = () => document.getElementById("conversations");
const rows = () => [...list().querySelectorAll(":scope > li:not(.more)")];
const row = (id) => document.getElementById(`c-${id}`);
const when = (element) => Date.parse(element.dataset.at);
let filter = "";

export function attachSidebar() {
  const side = document.getElementById("side");
  side.addEventListener("beforetoggle", ({ newState }) => {
    if (newState === "closed") main().inert = false; // before the focus goes back to where it was
  });
  side.addEventListener("toggle", ({ newState }) => {
    main().inert = newState === "open";
    if (main().inert) side.querySelector("button").focus();
    for (const button of document.querySelectorAll('[popovertarget="side"]')) button.setAttribute("aria-expanded", newState === "open");
  });
  side.querySelector("[data-filter]").addEventListener("input", ({ target }) => {
    filter = target.value.trim().toLowerCase();
    arrange();
  });
  list().addEventListener("htmx:afterSwap", arrange);
  document.addEventListener("htmx:afterRequest", onAnswer);
  arrange();
}

/** A row that is new or has changed. It moves to the top, or stays where it stands. */
export function upsertRow({ conversation, top, html }) {
  const fresh = parse(html).firstElementChild;
  const shown = row(conversation);
  const typing = shown?.querySelector(":popover-open");
  if (typing) {
    for (const name of ["data-at", "data-running"]) fresh.hasAttribute(name) ? shown.setAttribute(name, fresh.getAttribute(name)) : shown.removeAttribute(name);
    shown.querySelector("a").replaceWith(fresh.querySelector("a"));
  } else if (shown && !top) {
    shown.replaceWith(fresh);
  } else {
    const before = top ? list().firstElementChild : [...list().children].find((element) => element.matches(".more") || when(element) < when(fresh));
    shown?.remove();
    list().insertBefore(fresh, before === shown ? list().firstElementChild : (before ?? null));
  }
  htmx.process(row(conversation));
  if (conversation === main().dataset.conversation) setTitle(nameOf(row(conversation)));
  arrange();
}

export function removeRow(id) {
  row(id)?.remove();
  arrange();
}

/** The first page of the list anew, after events may have been missed. */
export async function refreshRows() {
  const answer = await get(list().dataset.list).catch(() => null);
  if (!answer || list().querySelector(":popover-open")) return;
  const content = parse(answer.html);
  const fresh = [...content.querySelectorAll("li:not(.more)")];
  const complete = !content.querySelector(".more");
  const oldest = fresh.length ? when(fresh.at(-1)) : 0;
  for (const element of [...list().children]) {
    const replaced = content.getElementById?.(element.id);
    if (complete || replaced || (!element.matches(".more") && when(element) >= oldest)) element.remove();
  }
  list().prepend(...fresh);
  htmx.process(list());
  const current = row(main().dataset.conversation);
  if (current) setTitle(nameOf(current));
  arrange();
}

/** Which row is the open conversation's. */
export function markCurrent() {
  for (const link of list().querySelectorAll("a[aria-current]")) link.removeAttribute("aria-current");
  row(main().dataset.conversation)?.querySelector("a").setAttribute("aria-current", "page");
}

const nameOf = (element) => element.querySelector("a > span").textContent;

/** Each once, in groups by age, filtered by name, the open one marked. */
function arrange() {
  const seen = new Set();
  let group = "";
  let shown = 0;
  for (const element of rows()) {
    if (seen.has(element.id)) {
      element.remove();
      continue;
    }
    seen.add(element.id);
    element.hidden = !nameOf(element).toLowerCase().includes(filter);
    if (element.hidden) continue;
    shown += 1;
    const age = ageGroup(when(element));
    if (age === group) delete element.dataset.heading;
    else element.dataset.heading = group = age;
  }
  document.getElementById("no-match").hidden = !filter || shown > 0;
  markCurrent();
}

/** By calendar days, as `age_group` of the templates says it. */
function ageGroup(time) {
  const day = (date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 864e5;
  const days = day(new Date()) - day(new Date(time));
  return AGES.find(([limit]) => days <= limit)?.[1] ?? "Older";
}

/** Renaming and deleting show at once, also when the socket is away. */
function onAnswer({ detail }) {
  const form = detail.elt;
  if (!detail.successful || !form.matches?.("form.rename, form.delete")) return;
  const popover = form.closest("[popover]");
  const id = popover.id.replace(/^(row|head)-/, "");
  if (popover.matches(":popover-open")) popover.hidePopover();
  if (form.matches(".delete")) return removeRow(id);
  const title = form.elements.title.value.trim();
  if (row(id)) row(id).querySelector("a > span").textContent = title;
  if (id === main().dataset.conversation) setTitle(title);
}
