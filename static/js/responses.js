/* What comes back for HTMX's requests and is not simply swapped: turns for the log, refusals, a sign-in page. */
import { insertOlder, insertTurns, merge, refresh } from "./log.js";
import { article, get, main, parse, signInAddress, tell } from "./page.js";
import { toLatest } from "./scroll.js";

// What was done to a message, by the last part of its address: (the answer's fragment, its revision, the request).
const ACTS = {
  regenerate: answerAgain,
  continue: answerAgain,
  edit: (html, theirs, { elt }) => {
    tell("edited", { editor: elt });
    mergeAnswer(html, theirs);
  },
  show: (html, theirs, { elt, path }) => {
    merge(html, theirs);
    focusVersion(path.split("/").at(-3), elt.dataset.pressed);
  },
  rate: (html, theirs, { path, parameters }) => {
    insertTurns(html, theirs);
    if (parameters.rating === "bad") htmx.ajax("GET", path.replace(/rate\/$/, "feedback/"), { target: "#dialog", swap: "innerHTML" });
  },
  restore: refresh,
  delete: refresh,
};

export function watchResponses() {
  document.addEventListener("htmx:beforeRequest", ({ detail }) => receiveLate(detail));
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status !== 401) return;
    event.preventDefault();
    askToSignIn(event.detail.elt, event.detail.xhr.getResponseHeader("HX-Redirect"));
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig, target } = event.detail;
    const { elt, path } = requestConfig;
    if (new URL(xhr.responseURL || location.href).pathname.startsWith("/accounts/")) {
      event.detail.shouldSwap = false;
      return askToSignIn(elt, xhr.responseURL);
    }
    if (xhr.status === 409) refresh(); // this page may not show what is in the way
    if (target === place()) target.toggleAttribute("data-passing", !elt.matches("#composer, #queued"));
    if (xhr.status >= 400) return refuse(event.detail, elt);
    if (requestConfig.verb === "post" && place().matches("[data-passing]")) clearNotice(); // a refused act, done by now or given up
    const theirs = Number(xhr.getResponseHeader("X-Revision") ?? 0);
    const act = ACTS[path.match(/\/m\/[^/]+\/(\w+)\/$/)?.[1]];
    if (requestConfig.verb === "post" && act) act(xhr.response, theirs, requestConfig);
    if (xhr.getResponseHeader("X-Notice")) notice(xhr.getResponseHeader("X-Notice"));
    if (path === `${main().dataset.home}delete/`) showDeleted();
    else if (xhr.getResponseHeader("HX-Retarget")) return;
    else if (elt.matches("#composer, #queued")) insertTurns(xhr.response, theirs);
    else if (elt.closest(".older")) insertOlder(elt.closest(".older"), xhr.response);
    else return;
    event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:sendError", ({ detail }) => {
    if (detail.requestConfig.verb === "post") notice("The server cannot be reached. Nothing is lost: what you typed is still here. Try again.");
  });
}

/**
 * What was pressed may have left the page (its menu closed, its message was drawn anew) before the answer is there, and HTMX would
 * not know where to put it. So it comes back, unseen, while its answer is taken.
 */
function receiveLate({ elt, xhr }) {
  const place = Object.assign(document.createElement("div"), { hidden: true });
  xhr.addEventListener("readystatechange", () => {
    if (xhr.readyState !== XMLHttpRequest.DONE || elt.isConnected) return;
    place.append(elt.getRootNode());
    document.body.append(place); // last: of two that share an id, the one in the page is found
  });
  xhr.addEventListener("loadend", () => place.remove());
}

function answerAgain(html, theirs) {
  clearNotice(); // why it was refused before
  mergeAnswer(html, theirs);
}

function mergeAnswer(html, theirs) {
  merge(html, theirs);
  toLatest();
  htmx.trigger(document.body, "usage-changed");
}

/** Going from version to version by keyboard, one stays on the arrow; at the last one on the other. */
function focusVersion(id, label) {
  const shown = article(id);
  const arrows = shown ? [...shown.querySelectorAll(".versions button:not(:disabled)")] : [];
  (arrows.find((arrow) => arrow.getAttribute("aria-label") === label) ?? arrows[0] ?? shown)?.focus({ preventScroll: true });
}

/** Nobody is taken away from what they were typing. The draft is there again after signing in. */
function askToSignIn(elt, href) {
  if (elt.matches(".meter-place")) return; // it asks by itself: whoever did nothing is told by the connection's line alone
  notice("You are signed out. What you typed is still here.", { href: href ?? signInAddress(), text: "Sign in" });
}

/** A refusal of what the composer sent stands above the composer, whoever wrote it. */
function refuse(detail, elt) {
  if (!elt.matches("#composer, #queued, .editor") || detail.xhr.getResponseHeader("HX-Retarget")) return;
  detail.target = elt.matches(".editor") ? elt.querySelector(".composer-notice") : place();
  detail.swapOverride = "innerHTML";
}

const place = () => document.getElementById("composer-notice");

/** A line above the composer, with a link when there is somewhere to go. */
export function notice(text, link = null) {
  const box = parse('<div class="notice warn" role="alert"><p></p><div class="notice-actions"></div></div>').firstElementChild;
  box.querySelector("p").textContent = text;
  if (link) {
    const anchor = Object.assign(document.createElement("a"), { href: link.href, textContent: link.text, className: "button small" });
    box.querySelector(".notice-actions").append(anchor);
  } else box.querySelector(".notice-actions").remove();
  clearNotice();
  place().append(box);
}

export function clearNotice() {
  place().removeAttribute("data-passing");
  place().replaceChildren();
}

/** The open conversation was deleted, here or elsewhere. */
export function showDeleted() {
  const template = document.getElementById("deleted-notice");
  if (!template || main().dataset.deleted) return;
  main().dataset.deleted = "yes";
  clearNotice();
  place().append(template.content.cloneNode(true));
  htmx.process(place());
}

/** Something was heard that may mean: the conversation that was gone is there again. Then this page is, too. */
export function comeBack() {
  if (!main().dataset.deleted && !("gone" in main().dataset)) return;
  get(`${main().dataset.home}options/`).then(() => location.reload(), () => {}); // it is not
}
