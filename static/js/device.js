/*
 * What this device keeps for somebody and a conversation: a draft, a message that waits. Never of a temporary chat, never for long,
 * and nothing after signing out (js/forget.js). The oldest makes room when the browser has none left.
 */
import { main } from "./page.js";

const KINDS = ["draft", "queued"];
const KEEP_DAYS = 30;
const MOST = 60;
const user = () => document.querySelector("[data-user]").dataset.user;
const nameOf = (kind) => `${kind}:${user()}:${main().dataset.conversation ?? "new"}`;
const isTemporary = () => Boolean(document.querySelector("[data-temporary], [name=temporary]:checked"));

/** What is kept of this kind, an object with `at`, the time in milliseconds; or null. */
export function read(kind) {
  return parse(localStorage.getItem(nameOf(kind)));
}

/** Keep it; null forgets it. False when the browser has no room: then it is in the page alone. */
export function keep(kind, value) {
  const name = nameOf(kind);
  if (value === null || isTemporary()) {
    localStorage.removeItem(name);
    return value === null;
  }
  const text = JSON.stringify({ ...value, at: Date.now() });
  for (;;) {
    try {
      localStorage.setItem(name, text);
      return true;
    } catch {
      const oldest = ours().findLast((other) => other.name !== name);
      if (!oldest) return false;
      localStorage.removeItem(oldest.name);
    }
  }
}

/** Another tab of the same conversation has kept or forgotten something of this kind. */
export function onElsewhere(kind, tell) {
  addEventListener("storage", ({ key, oldValue, newValue }) => key === nameOf(kind) && tell(parse(newValue), parse(oldValue)));
}

/** Away with what is old or too much. */
export function tidy() {
  const limit = Date.now() - KEEP_DAYS * 864e5;
  ours().forEach(({ name, at }, index) => (index >= MOST || at < limit) && localStorage.removeItem(name));
}

/** All that we keep, the latest first. */
function ours() {
  return Object.keys(localStorage)
    .filter((name) => KINDS.includes(name.split(":")[0]))
    .map((name) => ({ name, at: parse(localStorage.getItem(name))?.at ?? 0 }))
    .sort((one, other) => other.at - one.at);
}

function parse(text) {
  try {
    const value = JSON.parse(text);
    return typeof value?.text === "string" ? value : null;
  } catch {
    return null;
  }
}
