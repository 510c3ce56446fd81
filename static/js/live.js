/* The socket's events, each to the module that knows what to do. The page itself never writes to the socket. */
import { heard, listening } from "./connection.js";
import { applyDelta, applyMessage, applyTitle, reconcile, refresh } from "./log.js";
import { applySettings } from "./marks.js";
import { usageChanged } from "./meter.js";
import { main } from "./page.js";
import { comeBack, showDeleted } from "./responses.js";
import { named } from "./naming.js";
import { refreshRows, removeRow, upsertRow } from "./rows.js";

const handlers = {
  delta: applyDelta,
  message: applyMessage,
  changed: ({ revision }) => revision > Number(main().dataset.revision) && refresh(),
  title: applyTitle,
  settings: applySettings,
  usage: usageChanged,
  state: reconcile,
  listening: () => {
    listening();
    comeBack();
  },
  conversation: (event) => {
    upsertRow(event);
    if (event.conversation === main().dataset.conversation) comeBack();
  },
  "conversation-removed": (event) => {
    removeRow(event);
    if (event.conversation === main().dataset.conversation) showDeleted();
  },
  titled: named,
  conversations: ({ removed }) => {
    if (removed.includes(main().dataset.conversation)) showDeleted();
    else comeBack();
    refreshRows();
  },
};

export function watchSocket() {
  document.addEventListener("htmx:wsBeforeMessage", (event) => {
    event.preventDefault(); // nothing that comes is HTML for HTMX
    if (event.target !== main()) return;
    heard();
    const data = JSON.parse(event.detail.message);
    handlers[data.type]?.(data);
  });
}
