/*
 * The rows of the sidebar: after any events the list is what a reload would show. A row says itself where it stands: data-place
 * (pinned, a folder's id, or nothing for the groups by date), data-at orders it there, data-revision tells the newer of two.
 */
import { get, main, parse, setTitle, tell } from "./page.js";

const AGES = [[0, "Today"], [1, "Yesterday"], [7, "Last 7 days"], [30, "Last 30 days"]];
const heard = new Map(); // conversation -> newest revision heard of, also of rows that have left
let filter = "";
let fetching = null;
let fetchAgain = false;

export const list = () => document.getElementById("conversations");
export const row = (id) => document.getElementById(`c-${id}`);
const rows = () => [...list().querySelectorAll("li[data-place]")];
const siblings = (place) => rows().filter((element) => element.dataset.place === place);
const folderList = (place) => document.querySelector(`#f-${place} ul`);

/* --- what the socket says ------------------------------------------------------------------------------------------ */

/** A row that is new or has changed. Without HTML the sidebar has no row for the conversation any more. */
export function upsertRow({ conversation, revision, html }) {
  const fresh = parse(html).querySelector("li");
  const shown = row(conversation);
  if (revision < (heard.get(conversation) ?? 0) || (shown && fresh && !isNewer(fresh, shown))) return;
  heard.set(conversation, revision);
  const name = fresh && nameOf(fresh);
  const placed = fresh && place(fresh, shown);
  if (shown && shown !== placed) shown.remove();
  if (conversation === main().dataset.conversation && fresh) setTitle(name);
  arrange();
}

/** The conversation was deleted. */
export function removeRow({ conversation, revision = Infinity }) {
  heard.set(conversation, Math.max(revision, heard.get(conversation) ?? 0));
  row(conversation)?.remove();
  arrange();
}

/** Reading does not raise the revision: of two equal ones the one that was read is newer. */
function isNewer(fresh, shown) {
  const [theirs, ours] = [Number(fresh.dataset.revision), Number(shown.dataset.revision)];
  return theirs > ours || (theirs === ours && !("unread" in fresh.dataset && !("unread" in shown.dataset)));
}

/** Put the row where it belongs. Returns the element that is there now; null when it comes with the rows that are not loaded yet. */
function place(fresh, shown) {
  const where = fresh.dataset.place;
  const inFolder = where && where !== "pinned";
  const box = inFolder ? folderList(where) : list();
  if (!box) return void refreshRows();
  const others = siblings(where).filter((element) => element !== shown);
  const next = others.find((element) => order(element, fresh) > 0);
  const more = where === "pinned" ? null : box.querySelector(":scope > .more");
  if (!next && more) {
    if (more.querySelector(".htmx-request")) refreshRows(); // what is on its way may be older than this
    return null;
  }
  const before = next ?? (where === "pinned" ? box.querySelector(':scope > li:not([data-place="pinned"])') : null);
  const target = shown ? become(shown, fresh) : fresh;
  if (!shown || shown.parentElement !== box || nextRow(target) !== before) move(box, target, before);
  if (!shown) htmx.process(target);
  return target;
}

/** Later first; equal times by id, as the server orders them. */
function order(a, b) {
  const [first, second] = [a.dataset.at, b.dataset.at];
  if (first === second) return a.id < b.id ? 1 : -1;
  return first < second ? 1 : -1;
}

const nextRow = (element) => element.nextElementSibling;

/** The row keeps its buttons, and with them the focus and an open menu; all that it says is new. */
function become(shown, fresh) {
  const heading = shown.dataset.heading;
  for (const { name } of [...shown.attributes]) shown.removeAttribute(name);
  for (const { name, value } of fresh.attributes) shown.setAttribute(name, value);
  if (heading) shown.dataset.heading = heading;
  const [old, link] = [shown.querySelector("a"), fresh.querySelector("a")];
  old.replaceChildren(...link.childNodes);
  for (const part of ["input", "button"]) shown.querySelector(part).setAttribute("aria-label", fresh.querySelector(part).getAttribute("aria-label"));
  return shown;
}

function move(box, element, before) {
  if (box.moveBefore && element.isConnected) return box.moveBefore(element, before);
  const focused = element.contains(document.activeElement) ? document.activeElement : null;
  box.insertBefore(element, before);
  focused?.focus({ preventScroll: true });
}

/* --- what is fetched ----------------------------------------------------------------------------------------------- */

/** The whole list anew, as far as it was loaded; one request at a time, and one more when it was asked for meanwhile. */
export function refreshRows() {
  if (fetching) fetchAgain = true;
  fetching ??= loadRows().finally(() => {
    fetching = null;
    if (!fetchAgain) return;
    fetchAgain = false;
    return refreshRows();
  });
  return fetching;
}

async function loadRows() {
  const url = `${list().dataset.list}?rows=${siblings("").length}`;
  const answer = await get(url).catch(() => null); // without a connection the next one brings it
  if (!answer) return;
  const content = parse(answer.html);
  if ([...content.querySelectorAll("li[data-place]")].some(isOutdated)) fetchAgain = true;
  const kept = keepState();
  list().replaceChildren(...content.children);
  kept();
  htmx.process(list());
  const current = row(main().dataset.conversation);
  if (current) setTitle(nameOf(current));
  arrange();
}

const isOutdated = (element) => Number(element.dataset.revision) < (heard.get(element.id.slice(2)) ?? 0);

/**
 * What the list's HTML does not say: the focus, what is ticked, how far it was scrolled; and folders that were opened or closed since
 * it was asked for. Returns how to bring it back.
 */
function keepState() {
  const box = list().parentElement;
  const top = box.scrollTop;
  const ticked = rows().filter((element) => element.querySelector(".pick").checked).map(({ id }) => id);
  const folders = new Map([...list().querySelectorAll(".folder > details")].map(({ parentElement: { id }, open }) => [id, open]));
  const focused = list().contains(document.activeElement) ? document.activeElement : null;
  const owner = focused?.closest("li[id]")?.id;
  const kind = focused?.matches("button") ? "button" : focused?.matches("summary") ? "summary" : focused?.matches("input") ? "input" : "a";
  return () => {
    for (const details of list().querySelectorAll(".folder > details")) details.open = folders.get(details.parentElement.id) ?? details.open;
    for (const id of ticked) document.getElementById(id)?.querySelector(".pick")?.click();
    if (owner) document.getElementById(owner)?.querySelector(kind)?.focus({ preventScroll: true });
    box.scrollTop = top;
  };
}

/* --- how the list looks -------------------------------------------------------------------------------------------- */

export function attachRows() {
  list().addEventListener("htmx:afterSwap", () => {
    if (rows().some(isOutdated)) refreshRows();
    arrange();
  });
  arrange();
}

/** Show only what has these words in its name. */
export function filterRows(words) {
  filter = words.trim().toLowerCase();
  arrange();
}

/** Which row is the open conversation's. */
export function markCurrent() {
  for (const link of list().querySelectorAll("a[aria-current]")) link.removeAttribute("aria-current");
  row(main().dataset.conversation)?.querySelector("a").setAttribute("aria-current", "page");
}

export const nameOf = (element) => element.querySelector("a > span").textContent;

/** Each once, in groups, filtered by name, the open one marked. */
export function arrange() {
  const seen = new Set();
  let group = "";
  let shown = 0;
  for (const element of list().querySelectorAll("li[id]")) {
    if (seen.has(element.id)) {
      element.remove();
      continue;
    }
    seen.add(element.id);
    element.hidden = Boolean(filter) && !(element.matches("[data-place]") && nameOf(element).toLowerCase().includes(filter));
    if (element.hidden || element.parentElement !== list()) continue;
    shown += 1;
    const own = groupOf(element);
    if (own === group) delete element.dataset.heading;
    else element.dataset.heading = group = own;
  }
  document.getElementById("no-match").hidden = !filter || shown > 0;
  markCurrent();
  tell("rows");
}

function groupOf(element) {
  if (element.matches(".folder")) return "Folders";
  return element.dataset.place === "pinned" ? "Pinned" : ageGroup(Date.parse(element.dataset.at));
}

/** By calendar days, as `age_group` of the templates says it. */
function ageGroup(time) {
  const day = (date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 864e5;
  const days = day(new Date()) - day(new Date(time));
  return AGES.find(([limit]) => days <= limit)?.[1] ?? "Older";
}
