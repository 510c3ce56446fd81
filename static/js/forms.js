/* Comfort for plain forms; each of them works without this file. */
import "./forget.js";

/* A password can be looked at while it is typed: <div data-reveal><input type="password"></div>. */
for (const holder of document.querySelectorAll("[data-reveal]")) {
  const input = holder.querySelector("input");
  const button = document.createElement("button");
  const show = (visible) => {
    input.type = visible ? "text" : "password";
    button.textContent = visible ? "Hide" : "Show";
    button.setAttribute("aria-label", `${button.textContent} what is typed`);
  };
  button.type = "button";
  button.className = "reveal";
  button.setAttribute("aria-controls", input.id);
  button.addEventListener("click", () => {
    show(input.type === "password");
    input.focus();
  });
  show(false);
  holder.append(button);
  // Hidden again before it is sent, so that the browser knows a password when it sees one.
  input.form?.addEventListener("submit", () => show(false));
}

/* A second click while the first is on its way does nothing: <form data-once>. */
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
  });
}
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

/* The browser knows its time zone; nobody needs to be asked. */
for (const input of document.querySelectorAll("input[data-time-zone]")) {
  input.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}

/* The cursor goes to what is wrong first. */
if (!document.querySelector("[autofocus]")) document.querySelector('[aria-invalid="true"]')?.focus();
