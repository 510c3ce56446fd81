/* What comes back for HTMX's requests and is not simply swapped: turns for the log, refusals, a sign-in page. */
import { insertOlder, insertTurns, merge, refresh } from "./log.js";
import { main, parse } from "./page.js";

export function watchResponses() {
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status !== 401) return;
    event.preventDefault();
    askToSignIn(event.detail.xhr.getResponseHeader("HX-Redirect"));
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    const { elt, path } = requestConfig;
    if (new URL(xhr.responseURL || location.href).pathname.startsWith("/accounts/")) {
      event.detail.shouldSwap = false;
      return askToSignIn(xhr.responseURL);
    }
    if (xhr.status >= 400) return refuse(event.detail, elt);
    const theirs = Number(xhr.getResponseHeader("X-Revision") ?? 0);
    if (path === `${main().dataset.home}delete/`) showDeleted();
    else if (xhr.getResponseHeader("HX-Retarget")) return;
    else if (elt.matches("#composer, #queued")) insertTurns(xhr.response, theirs);
    else if (elt.closest(".versions")) merge(xhr.response, theirs);
    else if (elt.closest(".older")) insertOlder(elt.closest(".older"), xhr.response);
    else if (path.endsWith("/regenerate/")) refresh();
    else return;
    event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:sendError", ({ detail }) => {
    if (detail.requestConfig.verb === "post") notice("The server cannot be reached. Nothing is lost: what you typed is still here. Try again.");
  });
}

/** Nobody is taken away from what they were typing. The draft is there again after signing in. */
function askToSignIn(href) {
  notice("You are signed out. What you typed is still here.", { href: href ?? "/accounts/login/", text: "Sign in" });
}

/** A refusal of what the composer sent stands above the composer, whoever wrote it. */
function refuse(detail, elt) {
  if (!elt.matches("#composer, #queued") || detail.xhr.getResponseHeader("HX-Retarget")) return;
  detail.target = place();
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
  place().replaceChildren(box);
}

export function clearNotice() {
  place().replaceChildren();
}

/** The open conversation was deleted, here or elsewhere. */
export function showDeleted() {
  const template = document.getElementById("deleted-notice");
  if (!template || main().dataset.deleted) return;
  main().dataset.deleted = "yes";
  place().replaceChildren(template.content.cloneNode(true));
  htmx.process(place());
}
