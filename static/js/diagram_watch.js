/* Finished code blocks that are Mermaid's get their diagrams; what that needs is loaded when there is one. */
const BLOCKS = 'article:not([data-status="running"], [data-status="queued"]) figure.code[data-lang="mermaid"]:not([data-diagram])';

export function watchDiagrams() {
  for (const what of ["chat:changed", "chat:finished", "htmx:afterSwap"]) document.addEventListener(what, offer);
  offer();
}

async function offer() {
  if (!document.querySelector(BLOCKS)) return;
  const { offerDiagram } = await import("./diagrams.js");
  document.querySelectorAll(BLOCKS).forEach(offerDiagram);
}
