/*
 * The buttons of messages. All belong to one form of the page (#act) and say by `formaction` what they do; without this file they
 * are plain buttons of a plain form. What comes back is handled by responses.js.
 */
import { focus } from "./composer.js";
import { pickModel } from "./models.js";
import { articles } from "./page.js";

const MAKES_A_BRANCH = /\/m\/[^/]+\/(edit|regenerate|continue)\/$/;

export function watchActs() {
  document.addEventListener("submit", (event) => {
    const { target: form, submitter: button } = event;
    if (form.id !== "act" && form.id !== "models-of") return;
    event.preventDefault();
    if (form.id === "act") act(button, button.getAttribute("formaction"), button.name ? { [button.name]: button.value } : {});
    else askAnother(button, form.dataset.models);
  });
  // What makes a branch says what this page shows last: one that is behind is told so.
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (detail.verb === "post" && MAKES_A_BRANCH.test(detail.path)) detail.parameters.set("seen", articles().at(-1)?.dataset.message ?? "");
  });
}

/** Answer again, with a model from the list. */
async function askAnother(button, list) {
  const chosen = await pickModel(list, button.dataset.model);
  if (chosen) act(button, button.getAttribute("formaction").replace(/models\/$/, "regenerate/"), { model: chosen.key });
}

async function act(button, path, values) {
  const form = document.getElementById("act");
  if (button.getAttribute("aria-busy") === "true") return; // a double click is one click
  button.setAttribute("aria-busy", "true");
  form.dataset.pressed = button.getAttribute("aria-label") ?? "";
  await htmx.ajax("POST", path, { source: form, swap: "none", values }).catch(() => {});
  button.removeAttribute("aria-busy");
  if (!button.isConnected && document.activeElement === document.body) focus(); // it stood in a notice that is gone
}
