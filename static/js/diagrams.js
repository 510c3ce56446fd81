/* A block of Mermaid's code as a diagram: drawn when it comes near, with a switch back to the code, a larger view and a file. */
import { draw } from "./drawing.js";

const LONGEST_TEXT = 20000;
const NEAR = "600px 0px";
const STEP = 1.25;
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => ({ light: false, dark: true })[document.documentElement.dataset.theme] ?? systemIsDark.matches;
const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    show(target);
  }
}, { rootMargin: NEAR });

new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
systemIsDark.addEventListener("change", redraw);

export function offerDiagram(figure) {
  figure.dataset.diagram = "waiting";
  near.observe(figure);
}

function redraw() {
  document.querySelectorAll('figure[data-diagram="drawn"], figure[data-diagram="code"]').forEach(show);
}

async function show(figure) {
  const text = figure.querySelector("code").textContent;
  try {
    if (text.length > LONGEST_TEXT) throw new Error(`it has more than ${LONGEST_TEXT.toLocaleString("en")} characters`);
    const dark = isDark();
    place(figure, await draw(text, dark), dark);
  } catch (error) {
    fail(figure, error.message);
  }
}

function place(figure, { svg, kind, width, height }, dark) {
  const picture = figure.querySelector(".diagram img") ?? addPicture(figure);
  Object.assign(picture, { src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`, width, height });
  picture.toggleAttribute("data-dark", dark); // what it has to stand on, also on paper
  picture.alt = `Diagram (${kind.replace(/-?v\d+$/i, "")}). “Code” shows its text.`;
  if (figure.dataset.diagram !== "code") figure.dataset.diagram = "drawn";
  figure.drawing = { svg, width };
}

function addPicture(figure) {
  const picture = document.createElement("img");
  const frame = part("div", { className: "diagram", tabIndex: 0 }, picture);
  frame.setAttribute("role", "group");
  frame.setAttribute("aria-label", "Diagram");
  const tools = part(
    "span",
    { className: "diagram-tools" },
    button("Diagram", () => view(figure, "drawn")),
    button("Code", () => view(figure, "code")),
    button("Enlarge", () => enlarge(figure), "Enlarge the diagram"),
    button("SVG", () => save(figure), "Download the diagram as SVG"),
  );
  figure.querySelector("figcaption span").after(tools);
  figure.append(frame);
  view(figure, "drawn");
  return picture;
}

function view(figure, which) {
  figure.dataset.diagram = which;
  const [diagram, code] = figure.querySelectorAll(".diagram-tools button");
  diagram.setAttribute("aria-pressed", which === "drawn");
  code.setAttribute("aria-pressed", which === "code");
}

function fail(figure, reason) {
  figure.dataset.diagram = "failed";
  const lines = reason.trim().split("\n").map((line) => line.trim()).filter(Boolean).slice(0, 3);
  const words = figure.querySelector(".diagram-error") ?? figure.appendChild(part("p", { className: "diagram-error" }));
  words.textContent = `This is not a diagram Mermaid can draw: ${lines.join(" ")}`;
}

function save(figure) {
  const address = URL.createObjectURL(new Blob([figure.drawing.svg], { type: "image/svg+xml" }));
  part("a", { href: address, download: "diagram.svg" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

function enlarge(figure) {
  const shown = figure.querySelector(".diagram img");
  const large = Object.assign(shown.cloneNode(), { width: Math.max(figure.drawing.width, innerWidth * 0.8) });
  large.removeAttribute("height");
  const frame = part("div", { className: "diagram", tabIndex: 0 }, large);
  frame.setAttribute("role", "group");
  frame.setAttribute("aria-label", "Diagram, enlarged");
  const zoom = (times) => () => (large.width = Math.min(8000, Math.max(200, Math.round(large.width * times))));
  const dialog = part("dialog", { className: "sheet diagram-sheet" });
  const tools = part("div", { className: "diagram-zoom" }, button("−", zoom(1 / STEP), "Zoom out"), button("+", zoom(STEP), "Zoom in"), button("Close", () => dialog.close()));
  for (const each of tools.children) each.className = "button";
  dialog.setAttribute("aria-label", "Diagram");
  dialog.append(tools, frame);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function button(words, act, name) {
  const made = part("button", { type: "button", textContent: words });
  if (name) made.setAttribute("aria-label", name);
  made.addEventListener("click", act);
  return made;
}

function part(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}
