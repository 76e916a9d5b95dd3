// Parts that change while somebody looks on: `data-live` names the address of the part, `data-every` the seconds.
// Unchanged parts cost a 304; a page in the background asks nothing; what fails is asked again later and later.
import { runDown } from "./countdown.js";

const SLOWEST_S = 120;

function follow(room) {
  const every = Number(room.dataset.every || 10);
  let wait = every;
  let etag = "";
  async function look() {
    if (!document.hidden) {
      try {
        const answer = await fetch(room.dataset.live, { headers: etag ? { "if-none-match": etag } : {}, cache: "no-store" });
        if (answer.status === 200) {
          etag = answer.headers.get("etag") ?? "";
          const held = room.contains(document.activeElement) ? document.activeElement.id : "";
          room.innerHTML = await answer.text();
          runDown(room);
          if (held) document.getElementById(held)?.focus();
          room.dispatchEvent(new CustomEvent("live", { bubbles: true }));
        }
        room.dataset.state = "";
        wait = answer.ok || answer.status === 304 ? every : Math.min(2 * wait, SLOWEST_S);
        if (answer.headers.get("x-live") === "over") return;
      } catch {
        room.dataset.state = "offline";
        wait = Math.min(2 * wait, SLOWEST_S);
      }
    }
    setTimeout(look, wait * 1000);
  }
  setTimeout(look, wait * 1000);
}

export function keepLive() {
  document.querySelectorAll("[data-live]").forEach(follow);
}
