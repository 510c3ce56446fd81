/* How many tokens a text is, while one writes it: <p data-count-of="id of the field"> (templates/conversations/_token_count.html). */
const REST_MS = 400;
let timer = 0;
let latest = 0;

document.addEventListener("input", ({ target }) => {
  const place = target.id && document.querySelector(`[data-count-of="${CSS.escape(target.id)}"]`);
  if (!place) return;
  sayOver(place, target.value.length);
  clearTimeout(timer);
  timer = setTimeout(() => count(place, target), REST_MS);
});

function sayOver(place, length) {
  const over = place.querySelector('[data-count="over"]');
  const excess = length - Number(place.dataset.limit);
  over.hidden = excess <= 0;
  over.textContent = excess > 0 ? ` · ${excess.toLocaleString("en")} too many` : "";
}

async function count(place, field) {
  const mine = ++latest;
  const token = field.closest("form")?.elements.csrfmiddlewaretoken ?? field.form?.elements.csrfmiddlewaretoken;
  const body = new URLSearchParams({ text: field.value, csrfmiddlewaretoken: token?.value ?? "" });
  const response = await fetch(place.dataset.address, { method: "POST", body }).catch(() => null);
  if (!response?.ok || response.redirected || mine !== latest) return;
  const tokens = Number(await response.text());
  place.querySelector('[data-count="tokens"]').textContent = `About ${tokens.toLocaleString("en")} token${tokens === 1 ? "" : "s"}`;
}
