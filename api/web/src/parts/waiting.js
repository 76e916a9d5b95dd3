// The list of what waits on this phone, as it stands: saved, sent, received at; undo while nothing is sent yet.
import { change, forget, kept } from "./chest.js";
import { announce, listen, sendDue, waits } from "./outbox.js";

const room = document.getElementById("outbox");
const words = room?.dataset ?? {};
export const person = document.querySelector("meta[name=farmlink-person]")?.content ?? "";
export const mine = (entry) => !entry.person || entry.person === person;
const mayUndo = (entry) => entry.state === "saved" && entry.due > Date.now();
let timer = 0;
let turns = 0;

function said(entry) {
  if (mayUndo(entry)) return words.undo.replace("SECONDS", Math.ceil((entry.due - Date.now()) / 1000));
  if (entry.state === "received") return `${entry.said} ${words.received.replace("AT", entry.at)}`;
  if (entry.state === "refused") return `${words.refused}: ${entry.said}`;
  if (entry.state === "session") return entry.other ? words.other : words.session;
  return words[entry.state];
}

function shown(entry) {
  const line = room.querySelector("template").content.cloneNode(true).firstElementChild;
  const link = line.querySelector("a");
  line.dataset.state = entry.state;
  line.dataset.key = entry.key;
  link.href = entry.to ?? entry.page;
  link.textContent = entry.title;
  line.querySelector(".what").textContent = entry.what;
  line.querySelector(".state").textContent = said(entry);
  line.querySelector("[data-undo]").hidden = !mayUndo(entry);
  line.querySelector("[data-sign-in]").hidden = entry.state !== "session";
  line.querySelector("[data-seen]").hidden = waits(entry);
  return line;
}

// Show the list anew; whoever stands on one of its buttons keeps standing there.
export async function show() {
  if (!room) return;
  const turn = ++turns;
  const everything = await kept();
  const others = everything.filter((entry) => !mine(entry) && waits(entry)).length;
  const all = everything.filter(mine).sort((one, other) => one.saved - other.saved);
  if (turn !== turns) return; // somebody looked later, and sees more
  const waiting = all.filter(waits);
  const list = room.querySelector("ol");
  const counting = waiting.some(mayUndo);
  if (!counting || list.children.length !== all.length || all.some((one, i) => list.children[i].dataset.state !== one.state)) {
    list.replaceChildren(...all.map(shown));
  } else {
    all.forEach((one, i) => (list.children[i].querySelector(".state").textContent = said(one)));
  }
  const count = waiting.length === 1 ? words.one : words.more.replace("COUNT", waiting.length);
  const line = room.querySelector(".count");
  if (line.textContent !== (waiting.length ? count : "")) line.textContent = waiting.length ? count : "";
  room.querySelector("[data-retry]").hidden = !waiting.length || waiting.every(mayUndo);
  const beside = room.querySelector(".others");
  beside.textContent = others ? words.others.replace("COUNT", others) : "";
  beside.hidden = !others;
  room.hidden = !all.length && !others;
  room.classList.toggle("done", !waiting.length && !others && all.every((one) => one.state === "received"));
  const here = all.filter((one) => one.page === location.pathname);
  document.getElementById("answers")?.toggleAttribute("hidden", here.length > 0);
  document.getElementById("silence")?.toggleAttribute("hidden", here.length > 0);
  for (const card of document.querySelectorAll("a.card[href]")) {
    const answered = all.some((one) => one.page === card.getAttribute("href") && one.state !== "refused");
    card.querySelector(".on-phone")?.toggleAttribute("hidden", !answered);
  }
  for (const one of all) if (one.state === "received" && !one.shown) await change(one.key, (entry) => entry.state === "received", (entry) => ({ ...entry, shown: true }));
  clearTimeout(timer);
  if (counting) timer = setTimeout(show, 1000);
}

export function keepShown() {
  room?.addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    const key = button?.closest("li")?.dataset.key;
    if (!button) return;
    if (button.matches("[data-retry]")) await sendDue();
    if (button.matches("[data-undo]")) await change(key, mayUndo, () => null);
    if (button.matches("[data-seen]")) await forget(key);
    announce();
    await show();
  });
  listen(show);
}
