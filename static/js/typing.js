/* What fields share: whose keys they are, which key sends, how a field grows, a key for what is sent once. */
const touch = matchMedia("(pointer: coarse)");
const growsByItself = CSS.supports("field-sizing", "content");

/** The key belongs to an input method. The one that ends a composition comes after its end in Safari, which then says 229. */
export const composes = ({ isComposing, keyCode }) => isComposing || keyCode === 229;

/** Whether this key press sends: Enter, but never in a composition; on touch, and for who prefers it, only with Ctrl or Cmd. */
export function sends(event) {
  if (event.key !== "Enter" || event.shiftKey || event.altKey || composes(event)) return false;
  const onlyModified = touch.matches || document.getElementById("composer").dataset.sendWith === "modifier";
  return !onlyModified || event.ctrlKey || event.metaKey;
}

/** Whether the field may take the focus by itself: on touch that would bring up the keyboard. */
export const mayFocus = () => !touch.matches;

export function fit(field) {
  if (growsByItself) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4}).(.{3}).(.{3})(.{12})/, "$1-$2-4$3-a$4-$5");
}
