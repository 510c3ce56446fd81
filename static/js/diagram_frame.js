/*
 * Runs in the sandboxed frame (templates/diagram_frame.html), beside Mermaid: text comes in from the page around it, an SVG or an
 * error goes out. No module: a frame without an origin may not load any.
 */
(() => {
  const page = window.parent;
  const FIXED = ["secure", "securityLevel", "startOnLoad", "maxTextSize", "maxEdges", "suppressErrorRendering", "theme", "themeCSS", "themeVariables", "fontFamily", "altFontFamily", "htmlLabels", "dompurifyConfig", "layout"];
  let queue = Promise.resolve();

  window.addEventListener("message", ({ source, data }) => {
    if (source !== page || typeof data?.text !== "string") return;
    queue = queue.then(() => draw(data));
  });
  page.postMessage({ ready: true }, "*");

  async function draw({ id, text, dark }) {
    mermaid.initialize({
      startOnLoad: false,
      securityLevel: "strict",
      secure: FIXED, // what a %%{init}%% in the text cannot change
      suppressErrorRendering: true,
      maxTextSize: 20000,
      maxEdges: 500,
      htmlLabels: false,
      flowchart: { htmlLabels: false },
      class: { htmlLabels: false },
      theme: dark ? "dark" : "default",
      fontFamily: "system-ui, sans-serif",
    });
    try {
      const { svg, diagramType } = await mermaid.render(`diagram-${id}`, text);
      page.postMessage({ id, kind: diagramType, ...asFile(svg) }, "*");
    } catch (error) {
      page.postMessage({ id, error: String(error?.message ?? error).slice(0, 600) }, "*");
    } finally {
      document.body.replaceChildren();
    }
  }

  /** Well-formed XML that knows its size, without anything that could run or lead away. */
  function asFile(text) {
    const svg = new DOMParser().parseFromString(text, "text/html").querySelector("svg");
    for (const element of svg.querySelectorAll("script, foreignObject, iframe, image")) element.remove();
    for (const element of svg.querySelectorAll("*")) {
      for (const { name } of [...element.attributes]) if (/^on|href$/i.test(name) && !element.getAttribute(name).startsWith("#")) element.removeAttribute(name);
    }
    const [, , width, height] = (svg.getAttribute("viewBox") ?? "0 0 800 600").split(/[\s,]+/).map(Number);
    svg.setAttribute("width", Math.ceil(width));
    svg.setAttribute("height", Math.ceil(height));
    svg.style.removeProperty("max-width");
    return { svg: new XMLSerializer().serializeToString(svg), width: Math.ceil(width), height: Math.ceil(height) };
  }
})();
