/*
 * The log: articles come, grow and are replaced. #main's data-revision says how much of the conversation the page shows;
 * data-offset and data-thought of a running answer how many characters of it and of its reasoning. What does not fit is fetched, never guessed.
 */
import { article, articles, get, isLive, log, main, parse, revision, setTitle, tell } from "./page.js";
import { keepPlace } from "./scroll.js";

const RETRY_MS = 2000;
const fetches = new Map(); // message id -> deltas that came while the message is being fetched
const elsewhere = new Set(); // messages that run on a branch which is not shown
let refreshing = null;
let refreshAgain = false;

function setRevision(value) {
  if (value !== revision()) elsewhere.clear();
  main().dataset.revision = value;
}

/* --- what the socket says ------------------------------------------------------------------------------------------ */

/** A message that is new or has changed, whole. */
export function applyMessage(event) {
  if (event.revision < revision() || (event.revision === revision() && article(event.message))) return;
  const fits = event.revision <= revision() + 1 && place(parse(event.html).querySelector("article"), event.parent);
  if (!fits) return void refresh();
  setRevision(event.revision);
}

/** More text of a running answer. */
export function applyDelta(event) {
  const target = article(event.message);
  const waiting = fetches.get(event.message);
  if (!target) runsUnseen(event.message);
  else if (waiting) waiting.push(event);
  else if (!grow(target, event)) fetchMessage(event.message);
}

/** What is true now, after the socket has (re)connected. */
export async function reconcile({ revision: theirs, live }) {
  if (theirs !== revision()) await refresh();
  const running = new Set(live.map(({ message }) => message));
  for (const { message: id, offset, thought } of live) {
    const shown = article(id);
    if (!shown) runsUnseen(id);
    else if (offset > Number(shown.dataset.offset) || thought > Number(shown.dataset.thought)) fetchMessage(id);
  }
  for (const shown of articles()) {
    if (isLive(shown) && !running.has(shown.dataset.message)) fetchMessage(shown.dataset.message);
  }
}

export function applyTitle(event) {
  if (event.revision < revision()) return;
  setTitle(event.title);
  seen(event.revision);
}

/** Something outside of the log changed with this revision, and is shown; anything between is fetched. */
export function seen(theirs) {
  if (theirs > revision() + 1) refresh();
  else setRevision(theirs);
}

function runsUnseen(id) {
  if (elsewhere.has(id)) return;
  elsewhere.add(id);
  refresh().then(() => article(id) || elsewhere.add(id));
}

/* --- what is fetched ----------------------------------------------------------------------------------------------- */

/** The latest messages anew; one request at a time, and one more when it was asked for meanwhile. */
export function refresh() {
  if (refreshing) refreshAgain = true;
  refreshing ??= loadLog().finally(() => {
    refreshing = null;
    if (refreshAgain) {
      refreshAgain = false;
      return refresh();
    }
  });
  return refreshing;
}

async function loadLog() {
  const { home, conversation } = main().dataset;
  if (!home) return;
  try {
    const { html, revision: theirs } = await get(`${home}log/`);
    if (main().dataset.conversation !== conversation) return;
    if (theirs < revision()) refreshAgain = true; // news was faster than this answer
    else merge(html, theirs);
  } catch (error) {
    // Without a connection the next state event repairs it.
    if (error.status >= 500) setTimeout(refresh, RETRY_MS);
  }
}

async function fetchMessage(id) {
  if (fetches.has(id)) return;
  const waiting = [];
  fetches.set(id, waiting);
  try {
    const { html } = await get(`${main().dataset.home}m/${id}/`);
    const shown = article(id);
    const fresh = parse(html).querySelector("article");
    if (shown && fresh && choose(shown, fresh) === fresh) {
      keepPlace(() => swap(shown, fresh));
      tell("changed");
    }
  } catch (error) {
    if (error.status >= 500) setTimeout(() => fetchMessage(id), RETRY_MS);
  } finally {
    fetches.delete(id);
  }
  const shown = article(id);
  if (shown && waiting.some((event) => !grow(shown, event))) fetchMessage(id);
}

/* --- articles ------------------------------------------------------------------------------------------------------ */

/** Both turns as the answer to sending has them. The socket may have been faster: what the page shows already stays. */
export function insertTurns(html, theirs) {
  const fits = theirs <= revision() + 1;
  const placed = [...parse(html).querySelectorAll("article")].every((fresh) => place(fresh, fresh.dataset.parent));
  if (!fits || !placed) refresh();
  else if (theirs > revision()) setRevision(theirs);
}

/** Messages in the place of what asked for them: older ones, or those of a gap. */
export function insertOlder(loader, html) {
  const nodes = [...parse(html).children].filter((node) => !node.id || !document.getElementById(node.id));
  const fresh = nodes.filter((node) => node.matches("article"));
  const hadFocus = loader.contains(document.activeElement);
  const gap = loader.matches(".gap");
  keepPlace(() => loader.replaceWith(...nodes));
  nodes.forEach((node) => htmx.process(node));
  // Reading goes on where it was: below what stood above a gap, above what stood below anything else.
  if (hadFocus) (gap && nodes[0] === fresh[0] ? fresh[0] : fresh.at(-1))?.focus({ preventScroll: !gap });
}

/** Make the log equal to this fragment. Older messages above it stay; articles that say the same are not touched. */
export function merge(html, theirs) {
  const content = parse(html);
  const fresh = [...content.querySelectorAll("article")];
  const hadFocus = log().contains(document.activeElement);
  let next = fresh.length ? article(fresh[0].dataset.message) : null;
  keepPlace(() => {
    if (!next) log().replaceChildren(...content.querySelectorAll(".older"));
    for (const element of fresh) {
      const shown = article(element.dataset.message);
      const node = shown && choose(shown, element) === shown ? shown : element;
      if (shown && shown === next) {
        if (node !== shown) swap(shown, node);
        next = node.nextElementSibling;
      } else {
        shown?.remove();
        log().insertBefore(node, next);
      }
    }
    while (next) {
      const gone = next;
      next = next.nextElementSibling;
      gone.remove();
    }
  });
  htmx.process(log());
  setRevision(theirs);
  if (hadFocus && document.activeElement === document.body) articles().at(-1)?.focus({ preventScroll: true });
  tell("changed");
}

/** Replace the article of that id, or append it below its parent. False when it belongs anywhere else. */
function place(fresh, parent) {
  const shown = article(fresh.dataset.message);
  if (shown) {
    if (choose(shown, fresh) === fresh) keepPlace(() => swap(shown, fresh));
  } else {
    if ((articles().at(-1)?.dataset.message ?? "") !== parent) return false;
    log().append(fresh);
    htmx.process(fresh);
  }
  tell("changed");
  return true;
}

/** The one that knows more. */
function choose(shown, fresh) {
  if (isLive(shown) && isLive(fresh)) {
    const more = ["offset", "thought"].map((part) => Number(fresh.dataset[part]) - Number(shown.dataset[part]));
    return more.some((characters) => characters > 0) && more.every((characters) => characters >= 0) ? fresh : shown;
  }
  if (isLive(fresh)) return shown;
  return shown.dataset.status === fresh.dataset.status && shown.dataset.shows === fresh.dataset.shows ? shown : fresh;
}

/** Put `fresh` where `shown` is; what is open stays open, and the focus stays where it was. */
function swap(shown, fresh) {
  const focused = shown.contains(document.activeElement) ? document.activeElement : null;
  const reasoning = fresh.querySelector(".reasoning");
  if (reasoning) reasoning.open = shown.querySelector(".reasoning")?.open ?? false;
  const editor = shown.querySelector(":scope > .editor");
  if (editor) {
    fresh.append(editor);
    fresh.dataset.editing = "";
  }
  shown.replaceWith(fresh);
  htmx.process(fresh);
  if (focused) (fresh.querySelector(`[aria-label="${focused.getAttribute("aria-label")}"]`) ?? fresh).focus({ preventScroll: true });
  if (isLive(shown) && !isLive(fresh)) tell("finished", { article: fresh });
}

/** Apply one delta. False when it does not join what is shown. */
function grow(target, event) {
  const offset = Number(target.dataset.offset);
  if (!isLive(target) || event.to < offset || (event.to === offset && event.from < offset)) return true;
  const [closed, tail] = ["closed", "tail"].map((part) => target.querySelector(`[data-part="${part}"]`));
  const code = [...tail.querySelectorAll("code")].at(-1);
  if (event.from !== offset || (event.append !== undefined && !code) || misses(target, event)) return false;
  if (event.closed) closed.insertAdjacentHTML("beforeend", event.closed);
  if (event.tail !== undefined) tail.innerHTML = event.tail;
  if (event.append !== undefined) appendText(code, event.append);
  if (event.reasoning) think(target, event);
  if (event.thought_for) target.querySelector('[data-when="thought"]').textContent = event.thought_for;
  target.dataset.offset = event.to;
  target.dataset.status = "running";
  tell("grown", { article: target });
  return true;
}

function appendText(element, text) {
  if (element.lastChild?.nodeType === Node.TEXT_NODE) element.lastChild.appendData(text);
  else element.append(text);
}

/** Whether there was reasoning before this delta that is not shown. */
function misses(target, { thought = 0, reasoning = "" }) {
  return thought - [...reasoning].length > Number(target.dataset.thought);
}

function think(target, { thought, reasoning }) {
  const known = Number(target.dataset.thought);
  if (thought <= known) return; // what was fetched had it already
  const box = target.querySelector('[data-part="reasoning"]');
  appendText(box, [...reasoning].slice(known - thought).join(""));
  box.parentElement.hidden = false;
  target.dataset.thought = thought;
}
