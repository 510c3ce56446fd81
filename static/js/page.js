/* What the modules share: where things are, and how a fragment is fetched. */
export const main = () => document.getElementById("main");
export const log = () => document.getElementById("log");
export const article = (id) => document.getElementById(`m-${id}`);
export const articles = () => [...log().querySelectorAll(":scope > article")];
export const isLive = (element) => element?.dataset.status === "queued" || element?.dataset.status === "running";
export const liveArticle = () => articles().findLast(isLive);
export const revision = () => Number(main().dataset.revision ?? 0);

/**
 * Tell the other modules: `chat:grown` (text came), `chat:changed` (articles came or went), `chat:finished` (an answer ended),
 * `chat:edited` (a message was sent in other words).
 */
export const tell = (what, detail = {}) => document.dispatchEvent(new CustomEvent(`chat:${what}`, { detail }));

export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

/** A fragment of the page's own server. Throws when it is not to be had; `status` then says why (0: no connection, 401: signed out). */
export async function get(url) {
  const response = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
  const status = !response ? 0 : response.redirected ? 401 : response.status;
  if (status !== 200) throw Object.assign(new Error(`${url}: ${status}`), { status });
  return { html: await response.text(), revision: Number(response.headers.get("X-Revision") ?? 0) };
}

/** Where one signs in again and then stands here. */
export const signInAddress = () => `/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`;

/** Tell the page's own server something, quietly. Whether it has heard it. */
export async function post(url, fields = {}) {
  const headers = { "HX-Request": "true", ...JSON.parse(document.body.getAttribute("hx-headers")) };
  const response = await fetch(url, { method: "POST", headers, body: new URLSearchParams(fields), keepalive: true }).catch(() => null);
  return response !== null && response.ok && !response.redirected;
}

export function setTitle(title) {
  document.getElementById("title").textContent = title;
  document.querySelector(".bar .options")?.setAttribute("aria-label", `Options for ${title}`);
  document.title = `${title} · ${document.querySelector("[data-site]").dataset.site}`;
}
