// Every page works without this file; it only spares a second thought.

// A second tap while the first is under way sends nothing: the idempotency key would make it harmless, not quick.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.querySelector("button:not([type=button])")?.setAttribute("aria-disabled", "true");
  });
}

// Back in the browser shows the page as it was left: a form may be sent again then.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-disabled]")?.removeAttribute("aria-disabled");
  }
});

// A server names instants in UTC; whoever reads them sees their own clock too.
for (const instant of document.querySelectorAll("time[data-local]")) {
  const style = { dateStyle: "medium", timeStyle: "short" };
  instant.title = new Intl.DateTimeFormat(document.documentElement.lang, style).format(new Date(instant.dateTime));
}
