// What is selected stands in the address after the #: trip-3, stop-3-2 or place-…; everything that has to do with it is
// marked wherever it is shown. Links do the selecting, so that keys and no scripts do too.
const SELECTION = /^(trip|stop|place)-/;

export const selected = () => (SELECTION.test(location.hash.slice(1)) ? location.hash.slice(1) : "");

export function pick(key) {
  if (key === selected()) return;
  history.pushState(null, "", key ? `#${key}` : location.pathname + location.search);
  dispatchEvent(new Event("hashchange"));
}

export const hasKey = (keys, key) => ` ${keys} `.includes(` ${key} `);

export function linkBoard(board) {
  const said = document.getElementById("selected");
  const marked = document.querySelectorAll("[data-of]");

  function show() {
    const key = selected();
    board.classList.toggle("choosing", Boolean(key));
    for (const one of marked) one.classList.toggle("picked", Boolean(key) && hasKey(one.dataset.of, key));
    said.hidden = !key;
    said.firstElementChild.textContent = key ? `${board.dataset.selected}: ${named(key)}` : "";
    if (key) {
      for (const room of board.querySelectorAll(".cards, .day")) bringIn(room, room.querySelector(".picked"));
    }
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const key = (link?.getAttribute("href") ?? "").slice(1);
    if (link && SELECTION.test(key)) {
      event.preventDefault();
      pick(key);
    }
    if (event.target.closest("[data-clear]")) pick("");
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") pick("");
  });
  addEventListener("hashchange", show);
  addEventListener("popstate", show);
  show();
}

// Only the room itself scrolls: the page stays where the planner looks.
function bringIn(room, one) {
  if (!one) return;
  const [outer, inner] = [room.getBoundingClientRect(), one.getBoundingClientRect()];
  if (room.scrollHeight > room.clientHeight && (inner.top < outer.top || inner.bottom > outer.bottom)) {
    room.scrollTop += inner.top - outer.top - 8;
  }
  if (room.scrollWidth > room.clientWidth && (inner.left < outer.left || inner.right > outer.right)) {
    room.scrollLeft += inner.left - outer.left - 140;
  }
}

function named(key) {
  const here = document.getElementById(key);
  const text = here?.querySelector("header a, a")?.textContent;
  return (text ?? key).replace(/\s+/g, " ").trim();
}
