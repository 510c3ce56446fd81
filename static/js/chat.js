/* The conversation page: what listens to what. Each module keeps its state in the DOM or to itself. */
import { watchActs } from "./acts.js";
import { watchAnswers } from "./announce.js";
import { attachComposer } from "./composer.js";
import { watchConnection } from "./connection.js";
import { watchCopyButtons } from "./copy.js";
import "./count.js";
import { watchDiagrams } from "./diagram_watch.js";
import { watchDialog } from "./dialog.js";
import { attachDock } from "./dock.js";
import { watchEditing } from "./edit.js";
import { asked } from "./first_sight.js";
import "./forget.js";
import { watchSocket } from "./live.js";
import { watchMarks } from "./marks.js";
import "./menu.js";
import { watchNaming } from "./naming.js";
import { watchOptions } from "./options.js";
import { watchReading } from "./read.js";
import { watchResponses } from "./responses.js";
import { markCurrent } from "./rows.js";
import { attachScroll } from "./scroll.js";
import { watchSelecting } from "./select.js";
import { watchShortcuts } from "./shortcuts.js";
import { attachSidebar } from "./sidebar.js";
import { watchToasts } from "./toast.js";

watchConnection();
watchSocket();
watchResponses();
watchAnswers();
watchActs();
watchEditing();
watchReading();
watchCopyButtons();
watchDiagrams();
watchToasts();
watchDialog();
watchMarks();
watchShortcuts();
attachSidebar();
watchOptions();
watchNaming();
watchSelecting();
attachComposer();
attachDock();
asked?.focus({ preventScroll: true });

// A first message brings the whole conversation (#main) with it, at an address of its own.
document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target.id !== "main") return;
  attachScroll();
  attachComposer();
  attachDock();
  markCurrent();
});
