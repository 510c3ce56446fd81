/* What the draft would need, quietly under the composer; loaded with the first words that stand there. Sending never waits for it. */
import { articles } from "./page.js";

const REST_MS = 600;
let timer = 0;
let latest = 0;

export function estimateSoon() {
  clearTimeout(timer);
  timer = setTimeout(ask, REST_MS);
}

async function ask() {
  const form = document.getElementById("composer");
  const place = document.getElementById("estimate");
  const mine = ++latest;
  const { value } = form.elements.text;
  if (!/\S/.test(value)) return;
  const body = new URLSearchParams(new FormData(form));
  body.set("parent", articles().at(-1)?.dataset.message ?? "");
  const response = await fetch(place.dataset.address, { method: "POST", body }).catch(() => null);
  const html = response?.ok && !response.redirected ? await response.text() : "";
  if (mine !== latest || !place.isConnected || form.elements.text.value !== value) return;
  place.innerHTML = html;
}
