/*
 * Diagrams are drawn by Mermaid in one sandboxed frame, one after another. What comes back is somebody's text: it is only ever shown
 * as a picture (an SVG in <img> runs nothing and loads nothing) or saved as a file. A frame that does not answer is thrown away.
 */
const FRAME = "/diagrams/frame/";
const LOADING_MS = 30000;
const DRAWING_MS = 8000;
const LONGEST_SVG = 2000000;
const MOST_KEPT = 40;

const drawn = new Map(); // theme and text -> promise of a drawing that has not failed
let frame = null;
let queue = Promise.resolve();
let number = 0;

/** { svg, kind, width, height }; rejects with an Error whose message says in words what is wrong. */
export function draw(text, dark) {
  const key = `${dark}\n${text}`;
  if (!drawn.has(key)) {
    const drawing = queue.then(() => drawNow(text, dark));
    queue = drawing.catch(() => drawn.delete(key)); // it may be tried again
    drawn.set(key, drawing);
    if (drawn.size > MOST_KEPT) drawn.delete(drawn.keys().next().value);
  }
  return drawn.get(key);
}

async function drawNow(text, dark) {
  frame ??= await open();
  const id = ++number;
  const answer = hear(frame, (data) => data?.id === id, DRAWING_MS);
  frame.contentWindow.postMessage({ id, text, dark }, "*"); // the frame has no origin that one could name
  const { svg, kind, width, height, error } = await answer.catch((late) => {
    discard();
    throw late;
  });
  if (error !== undefined) throw new Error(String(error));
  if (typeof svg !== "string" || svg.length > LONGEST_SVG || !(width > 0 && height > 0)) throw new Error("the drawing is too large");
  return { svg, kind: String(kind).slice(0, 40), width: Number(width), height: Number(height) };
}

async function open() {
  const made = document.createElement("iframe");
  made.setAttribute("sandbox", "allow-scripts");
  made.setAttribute("aria-hidden", "true");
  Object.assign(made, { src: FRAME, className: "diagram-frame", title: "Drawing of diagrams", tabIndex: -1 });
  document.body.append(made);
  frame = made;
  await hear(made, (data) => data?.ready === true, LOADING_MS).catch((late) => {
    discard();
    throw late;
  });
  return made;
}

function discard() {
  frame?.remove();
  frame = null;
}

function hear(from, wanted, milliseconds) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(reject, new Error("drawing it takes too long")), milliseconds);
    const listen = ({ source, data }) => source === from.contentWindow && wanted(data) && end(resolve, data);
    const end = (settle, value) => {
      clearTimeout(timer);
      removeEventListener("message", listen);
      settle(value);
    };
    addEventListener("message", listen);
  });
}
