// Whoever leaves, or enters, leaves no farm's page on the phone to whoever comes next; answers that wait stay.
const AWAY = ["/sign-in", "/sign-in/code/entry", "/sign-out", "/me/sign-ins/ended", "/me/erasure"];

async function clear() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("farm-pages")).map((name) => caches.delete(name)));
}

export function leaveNothing() {
  if (!window.caches) return;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const to = event.submitter?.getAttribute("formaction") ?? form.getAttribute("action");
    if (event.defaultPrevented || !AWAY.includes(to)) return;
    event.preventDefault();
    clear()
      .catch(() => {})
      .then(() => HTMLFormElement.prototype.submit.call(form));
  });
}
