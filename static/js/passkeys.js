/*
 * Passkeys: the browser's part of a ceremony. <form hidden data-passkey="create|get"> with the options of the server in
 * data-options, or their address in data-options-from; the answer goes into its field "credential", and the form is sent.
 */
const WORDS = {
  NotAllowedError: "That was cancelled, or it took too long. Please try again.",
  InvalidStateError: "This passkey is on your account already.",
  SecurityError: "Passkeys do not work at this address. They need https and a name.",
  TypeError: "We could not reach the site. Please try again.",
};

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const withBytes = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

for (const form of window.PublicKeyCredential ? document.querySelectorAll("form[data-passkey]") : []) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter ?? form.querySelector("button");
    button.setAttribute("aria-busy", "true");
    try {
      const answer = await ceremonies[form.dataset.passkey](await options(form), form);
      form.elements.credential.value = JSON.stringify(answer);
      form.submit();
    } catch (error) {
      button.removeAttribute("aria-busy");
      say(form, WORDS[error.name] ?? "That did not work. Please try again.");
    }
  });
}

async function options(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const response = await fetch(form.dataset.optionsFrom, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new TypeError(response.statusText);
  return (await response.json()).request_options;
}

const ceremonies = {
  async create({ publicKey }, form) {
    const alone = form.elements.passwordless.checked;
    const kind = alone ? { residentKey: "required", userVerification: "required" } : { residentKey: "discouraged" };
    const asked = {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: withBytes(publicKey.excludeCredentials),
      authenticatorSelection: { ...publicKey.authenticatorSelection, requireResidentKey: alone, ...kind },
    };
    const made = await navigator.credentials.create({ publicKey: asked });
    const { clientDataJSON, attestationObject } = made.response;
    const response = { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject) };
    response.transports = made.response.getTransports?.() ?? [];
    return { ...described(made), response };
  },
  async get({ publicKey }) {
    const asked = { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: withBytes(publicKey.allowCredentials) };
    const used = await navigator.credentials.get({ publicKey: asked });
    const { clientDataJSON, authenticatorData, signature, userHandle } = used.response;
    const response = { clientDataJSON: text(clientDataJSON), authenticatorData: text(authenticatorData), signature: text(signature) };
    if (userHandle) response.userHandle = text(userHandle);
    return { ...described(used), response };
  },
};

function described(credential) {
  const { id, rawId, type, authenticatorAttachment } = credential;
  return { id, rawId: text(rawId), type, authenticatorAttachment, clientExtensionResults: credential.getClientExtensionResults() };
}

function say(form, words) {
  let place = form.querySelector("[data-said]");
  if (!place) {
    place = Object.assign(document.createElement("p"), { className: "errorlist" });
    place.dataset.said = "";
    place.setAttribute("role", "alert");
    form.append(place);
  }
  place.textContent = words;
}
