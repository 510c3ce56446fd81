/* The chosen theme is seen before it is saved: <form data-theme-preview> with radio buttons named "theme". */
for (const form of document.querySelectorAll("form[data-theme-preview]")) {
  form.addEventListener("change", (event) => {
    if (event.target.name === "theme") document.documentElement.dataset.theme = event.target.value;
  });
}
