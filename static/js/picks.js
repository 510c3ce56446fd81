/* Checkboxes of rows, wherever they stand: how many are ticked, all of them at once, and ranges with Shift. */
const boxes = (root) => [...root.querySelectorAll(".pick")].filter((box) => box.checkVisibility());

export const picked = (root) => [...root.querySelectorAll(".pick:checked")];

/** `root` holds the rows, `form` says how many are ticked. Returns how to count anew after rows came or went. */
export function attachPicks(root, form) {
  let last = null;
  const count = () => {
    const number = picked(root).length;
    const all = boxes(root);
    const words = `${number} selected`;
    const said = form.querySelector("[data-many-count]");
    if (said.textContent !== words) said.textContent = words;
    form.querySelector("[data-many-all]").textContent = all.length && number === all.length ? "Select none" : "Select all";
    for (const act of form.querySelectorAll(".many-act")) act.setAttribute("aria-disabled", number === 0);
  };
  root.addEventListener("click", (event) => {
    if (!event.target.matches?.(".pick")) return;
    const all = boxes(root);
    const [from, to] = [all.indexOf(last), all.indexOf(event.target)];
    if (event.shiftKey && from >= 0) {
      for (const box of all.slice(Math.min(from, to), Math.max(from, to) + 1)) box.checked = event.target.checked;
    }
    last = event.target;
    count();
  });
  form.querySelector("[data-many-all]").addEventListener("click", () => {
    const all = boxes(root);
    const on = all.some((box) => !box.checked);
    for (const box of all) box.checked = on;
    count();
  });
  form.addEventListener("click", (event) => {
    if (event.target.closest('.many-act[aria-disabled="true"]')) event.preventDefault();
  });
  count();
  return count;
}
