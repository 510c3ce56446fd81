/* Pages for reading: copy buttons, printing, and "Continue as my copy" in one click. All but copying works without this file. */
import { watchCopyButtons } from "./copy.js";
import { watchDiagrams } from "./diagram_watch.js";
import "./forms.js";

watchCopyButtons();
watchDiagrams();

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
  const link = event.target.closest("a[data-continue]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (link.getAttribute("aria-busy")) return;
  link.setAttribute("aria-busy", "true");
  takeCopy(link.href).then((address) => location.assign(address), () => location.assign(link.href));
});

window.addEventListener("pageshow", () => {
  for (const link of document.querySelectorAll("a[data-continue][aria-busy]")) link.removeAttribute("aria-busy");
});

/**
 * Sends the form of the page behind the link. Not from here by a form of its own: this page gives no referrer, and what it
 * posted would look like coming from a foreign page. Somebody who is signed out goes to the page, which leads to the sign-in.
 */
async function takeCopy(url) {
  const page = await fetch(url);
  if (!page.ok || page.redirected) throw new Error(`${url}: ${page.status}`);
  const form = new DOMParser().parseFromString(await page.text(), "text/html").querySelector('form[method="post"]');
  const answer = await fetch(url, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" }, referrerPolicy: "same-origin" });
  const address = answer.headers.get("HX-Redirect");
  if (!answer.ok || !address) throw new Error(`${url}: ${answer.status}`);
  return address;
}
