/* The socket stays open: after a restart of the server, a lost network, sleep. What was missed, the events
   `state` and `listening` repair: they come whenever the server begins to listen, also when it had lost Redis and not the page.
   A page whose conversation is gone (`data-gone`) goes on listening for its list, and hears when the conversation comes back. */
import { refreshMeterLater } from "./meter.js";
import { liveArticle, main, signInAddress } from "./page.js";
import { refreshRows } from "./rows.js";

const FIRST_MS = 250;
const LONGEST_MS = 5000;
const SHOW_AFTER_MS = 1000;
const SLEPT_MS = 20000;
const CHECK_MS = 5000;
const NOT_FOUND = 4404;
const LEFT_TO_HTMX = [1006, 1011, 1012, 1013]; // the extension itself connects again after these
const ENDS = {
  4401: () => ["You are signed out.", signInAddress(), "Sign in"],
  4404: () => ["This conversation is no longer available.", "/c/", "New chat"],
};
/** What the banner says: a sentence, where one can go, and how that is called. When the socket was closed with this code for good: */
export const wordsOfEnd = (code) => ENDS[code]?.() ?? ["This page is out of date.", location.href, "Reload"];
export const wordsOfLoss = (online) => [online ? "The connection is lost. Trying again…" : "You are offline."];

let socket = null; // the newest; what older ones say does not matter
let wrapper = null;
let attempts = 0;
let over = false;
let missedSome = false;
let showTimer = 0;
let lastHeard = Date.now();
let lastCheck = Date.now();
let hiddenAt = 0;

const banner = () => document.getElementById("connection");

/** Called for every message: the connection is good. */
export function heard() {
  attempts = 0;
  connected();
}

function connected() {
  lastHeard = Date.now();
  main().dataset.connected = "yes";
  clearTimeout(showTimer);
  showTimer = 0;
  if (isGoneUntold()) show(...wordsOfEnd(NOT_FOUND));
  else banner().hidden = true;
}

const isGone = () => "gone" in main().dataset;
/** Whoever saw the deletion has it said above the composer. */
const isGoneUntold = () => isGone() && !main().dataset.deleted;

/** From here on this page hears everything about its account; what it may have missed before it asks for. */
export function listening() {
  if (missedSome) refreshRows();
  missedSome = true; // by the next time
  refreshMeterLater();
}

export function watchConnection() {
  htmx.config.wsReconnectDelay = nextDelay;
  htmx.createWebSocket = (url) => {
    if (socket && socket.readyState < WebSocket.CLOSING) socket.close();
    over = false;
    return (socket = new WebSocket(isGone() ? url.replace(/t=conversation:[^&]*&/, "") : url));
  };
  document.addEventListener("htmx:wsOpen", ({ detail }) => {
    wrapper = detail.socketWrapper;
    connected();
  });
  document.addEventListener("htmx:wsClose", onClose);
  addEventListener("online", () => wake(true));
  addEventListener("offline", lost);
  addEventListener("pageshow", ({ persisted }) => persisted && wake(true));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hiddenAt = Date.now();
    else wake(Date.now() - hiddenAt > SLEPT_MS);
  });
  setInterval(check, CHECK_MS);
}

function nextDelay() {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempts++);
  return longest / 2 + (Math.random() * longest) / 2;
}

function onClose({ target, detail }) {
  if (detail.event.target !== socket || target !== main()) return;
  const closed = socket;
  const { code } = detail.event;
  wrapper = detail.socketWrapper;
  delete main().dataset.connected;
  if (code === NOT_FOUND && !isGone()) main().dataset.gone = "";
  else if (code >= 4400 && code <= 4404) return end(code);
  else lost();
  if (!LEFT_TO_HTMX.includes(code)) setTimeout(() => socket === closed && wrapper.reconnect(), nextDelay());
}

/** Try at once. `doubtful`: a socket that looks open may be dead. */
function wake(doubtful) {
  if (over || !wrapper || !socket || socket.readyState === WebSocket.CONNECTING) return;
  if (!doubtful && socket.readyState === WebSocket.OPEN) return;
  lastHeard = Date.now();
  wrapper.reconnect();
}

/** A timer that comes late has slept; a running answer that is silent for long may be on a dead socket. */
function check() {
  const now = Date.now();
  const slept = now - lastCheck > CHECK_MS + SLEPT_MS;
  lastCheck = now;
  if (socket?.readyState === WebSocket.OPEN) attempts = 0;
  if (slept || (liveArticle() && !isGone() && now - lastHeard > SLEPT_MS)) wake(true);
}

function lost() {
  if (over) return;
  missedSome = true;
  showTimer ||= setTimeout(() => show(...wordsOfLoss(navigator.onLine)), SHOW_AFTER_MS);
}

function end(code) {
  over = true;
  clearTimeout(showTimer);
  if (!main().dataset.deleted) show(...wordsOfEnd(code));
}

function show(...words) {
  if (banner().textContent !== sentence(words)) fill(banner(), ...words); // what is said already is not announced again
  banner().hidden = false;
}

const sentence = ([text, , label]) => (label ? `${text} ${label}` : text);

export function fill(box, text, href = null, label = "") {
  box.replaceChildren(text);
  if (href !== null) box.append(" ", Object.assign(document.createElement("a"), { href, textContent: label }));
}
