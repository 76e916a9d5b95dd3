// Makes the list of the API page something to try; without this file the list is still there to be read.
const room = document.getElementById("api");
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);

follow();
dark.addEventListener("change", follow);
SwaggerUIBundle({
  url: room.dataset.description,
  domNode: room,
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: -1,
  displayRequestDuration: true,
  tagsSorter: "alpha",
  syntaxHighlight: false,
  validatorUrl: null,
  // Whoever is signed in on these pages tries things out as themselves: the session's own word goes along.
  requestInterceptor: (request) => {
    if (room.dataset.csrf && new URL(request.url, location.href).origin === location.origin) {
      request.headers["x-csrf-token"] = room.dataset.csrf;
    }
    return request;
  },
  onComplete: () => document.getElementById("list").removeAttribute("open"),
});
