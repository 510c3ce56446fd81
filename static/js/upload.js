/*
 * A large file is sent with its progress shown, and may be dropped: <form data-upload> with one file input. Without this file the form
 * sends itself. A refusal's line comes as the answer's text.
 */

const form = document.querySelector("form[data-upload]");

if (form) {
  const input = form.querySelector("input[type=file]");
  const button = form.querySelector("button[type=submit]");
  const drop = form.querySelector("[data-drop]");
  const meter = form.querySelector("[data-upload-progress]");
  const bar = meter.querySelector("progress");
  const words = meter.querySelector("[data-upload-words]");
  const percent = meter.querySelector("[data-upload-percent]");
  const error = form.querySelector("[data-upload-error]");

  const say = (text) => {
    error.textContent = text;
    error.hidden = !text;
  };

  const busy = (is) => {
    meter.hidden = !is;
    input.disabled = is;
    if (is) button.setAttribute("aria-busy", "true");
    else button.removeAttribute("aria-busy");
  };

  const show = (sent, all) => {
    const done = all ? Math.floor((sent / all) * 100) : 0;
    bar.value = done;
    percent.textContent = `${done} %`;
    words.textContent = done < 100 ? "Sending…" : "Looking at the file…";
  };

  const send = () => {
    const data = new FormData(form);
    const request = new XMLHttpRequest();
    say("");
    busy(true);
    show(0, 1);
    request.open("POST", form.action);
    request.setRequestHeader("X-Upload", "1");
    request.upload.addEventListener("progress", (event) => show(event.loaded, event.total));
    request.addEventListener("load", () => {
      const next = request.getResponseHeader("X-Location");
      if (request.status === 204 && next) {
        location.assign(next);
        return;
      }
      busy(false);
      const plain = (request.getResponseHeader("Content-Type") ?? "").startsWith("text/plain");
      say(plain ? request.responseText : "The file could not be sent. Reload the page and try again.");
    });
    request.addEventListener("error", () => {
      busy(false);
      say("The connection was lost while the file was sent. Nothing was imported; please try again.");
    });
    request.send(data);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const file = input.files[0];
    if (!file || input.disabled) return;
    if (file.size > Number(form.dataset.limit)) say(`This file is too large: at most ${form.dataset.limitWords} can be brought at once.`);
    else send();
  });

  input.addEventListener("change", () => say(""));

  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    drop.addEventListener(name, () => drop.classList.remove("over"));
  }
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (input.disabled || event.dataTransfer.files.length !== 1) return;
    input.files = event.dataTransfer.files;
    say("");
    button.focus();
  });
}
