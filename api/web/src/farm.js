// A farmer's pages work without this file; with it they work without a signal, and an answer can be taken back.
import { forget, fresh, keep, kept, phone } from "./parts/chest.js";
import { announce, sendDue, UNDO_MS, waits } from "./parts/outbox.js";
import { FILES, mayKeep, NO_SIGNAL, OWNER, PAGES } from "./parts/pages.js";
import { keepShown, mine, person, show } from "./parts/waiting.js";

const root = document.documentElement;
const here = location.pathname;
const LAST = "farmlink-person";
const FIELD = ["/farm/harvest", "/farm/lots/new"].map((path) => ({ href: new URL(path, location.href).href }));
const SOONEST_MS = 1_000;
const LATEST_MS = 120_000;
const DAY_MS = 86_400_000;
let pause = SOONEST_MS;
let next = 0;

// Send what is due, now and again later for as long as something waits.
async function sendOn() {
  clearTimeout(next);
  await sendDue();
  const waiting = (await kept()).filter(waits);
  const soonest = Math.min(...waiting.map((entry) => entry.due - Date.now()));
  pause = waiting.length && soonest <= 0 ? Math.min(2 * pause, LATEST_MS) : SOONEST_MS;
  if (waiting.length) next = setTimeout(sendOn, soonest > 0 ? soonest + 50 : pause);
  await show();
}

function takeAnswers() {
  for (const form of document.querySelectorAll("form[data-answer]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (form.reportValidity()) save(form, event.submitter, UNDO_MS).catch(() => passOn(form, event.submitter));
    });
  }
}

// Other forms go the usual way; without a signal they are kept like answers.
function keepOthers() {
  for (const form of document.querySelectorAll("form[data-keep], form:has([data-keep])")) {
    form.addEventListener("submit", (event) => {
      if (navigator.onLine) return;
      event.preventDefault();
      if (form.reportValidity()) save(form, event.submitter, 0).then(() => form.reset());
    });
  }
}

function told(form, submitter, said) {
  const amount = said.get("amount");
  const crop = form.elements.product_id?.selectedOptions[0].textContent.trim();
  if (crop) return { title: crop, what: amount };
  const room = document.getElementById("answers");
  const button = form.closest("details")?.querySelector("summary") ?? submitter ?? form.querySelector("button");
  return {
    title: form.dataset.keep ?? room.dataset.title,
    what: amount ? `${amount} ${room.dataset.unit}` : button.textContent.trim(),
  };
}

async function save(form, submitter, undo) {
  const said = new URLSearchParams(new FormData(form));
  const key = fresh();
  const words = told(form, submitter, said);
  said.delete("csrf"); // the word of this session, fetched anew when it is sent
  said.set("key", key);
  if (submitter?.name) said.set(submitter.name, submitter.value);
  if (here.startsWith("/answers/")) said.set("phone", await phone());
  await keep({
    key,
    ...words,
    address: form.getAttribute("action"),
    page: here,
    body: said.toString(),
    person: here.startsWith("/answers/") ? "" : person,
    state: "saved",
    saved: Date.now(),
    due: Date.now() + undo,
  });
  announce();
  // Whoever puts the phone away now has answered all the same: the worker sends it when it cannot be taken back any more.
  const registration = await navigator.serviceWorker?.getRegistration();
  registration?.active?.postMessage("saved");
  await sendOn();
  document.getElementById("outbox").scrollIntoView({ block: "center" });
  document.querySelector("#outbox [data-undo]:not([hidden])")?.focus();
  await registration?.sync?.register("outbox").catch(() => {});
}

// Nothing can be kept here, as in some private windows: then it is sent at once.
function passOn(form, submitter) {
  if (submitter?.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: submitter.name, value: submitter.value }));
  form.submit();
}

function fillShares() {
  for (const button of document.querySelectorAll("[data-fill]")) {
    button.parentElement.hidden = false;
    button.addEventListener("click", () => {
      const field = document.getElementById("amount");
      field.value = button.dataset.fill;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

function readAloud() {
  const button = document.querySelector("button[data-say]");
  if (!button || !window.speechSynthesis) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    speechSynthesis.cancel();
    speechSynthesis.speak(Object.assign(new SpeechSynthesisUtterance(button.dataset.say), { lang: root.lang, rate: 0.9 }));
  });
}

function sayOffline() {
  const line = document.getElementById("stored");
  const stored = root.dataset.stored;
  const time = new Intl.DateTimeFormat(root.lang, { weekday: "short", hour: "numeric", minute: "2-digit" });
  function say() {
    const words = stored ? (navigator.onLine ? line.dataset.again : line.dataset.stored) : line.dataset.never;
    line.hidden = !stored && navigator.onLine;
    line.querySelector("a").hidden = !stored || !navigator.onLine;
    line.querySelector("span").textContent = line.hidden ? "" : words.replace("AT", stored && time.format(new Date(stored)));
  }
  addEventListener("offline", say);
  addEventListener("online", say);
  say();
}

// The first visit is not the worker's yet: the page keeps itself, its files, and the questions that it names.
async function keepPages() {
  if (!navigator.serviceWorker) return;
  const scope = here.startsWith("/answers/") ? "/answers/" : "/farm";
  await navigator.serviceWorker.register("/farm-worker.js", { scope });
  if (root.dataset.stored || !navigator.onLine) return;
  const others = await leftByOthers();
  const pages = await caches.open(PAGES);
  if (!navigator.serviceWorker.controller) {
    const files = await caches.open(FILES);
    const named = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")].map((one) => one.href || one.src);
    await files.addAll(named);
  }
  if (person) await pages.put(OWNER, new Response(person));
  if (!(await pages.match(NO_SIGNAL, { ignoreVary: true }))) await pages.add(NO_SIGNAL);
  if (mayKeep(location.href) && (others || !navigator.serviceWorker.controller)) await keepPage(pages, location.href);
  // What is needed in the field is there without a signal: the questions, what is to pick, and the form of an offer.
  const needed = [...document.querySelectorAll("a.card")].slice(0, 6);
  for (const { href } of person ? [...needed, ...FIELD] : needed) {
    const known = await pages.match(href, { ignoreVary: true });
    if (!(Date.now() - Date.parse(known?.headers.get("date")) < DAY_MS)) await keepPage(pages, href);
  }
}

// Where somebody is led elsewhere, as to sign in, or nothing is, what was kept stays; the others are kept all the same.
async function keepPage(pages, href) {
  const answer = await fetch(href, { redirect: "error" }).catch(() => null);
  if (answer?.ok) await pages.put(href, answer).catch(() => {});
}

// Somebody else was signed in on this phone before: what it kept of their farm is not the next one's to read.
async function leftByOthers() {
  if (!person || localStorage.getItem(LAST) === person) return false;
  localStorage.setItem(LAST, person);
  return caches.delete(PAGES);
}

// What was received is told once, and not where the page itself tells it.
async function tidy() {
  if (root.dataset.stored) return;
  for (const entry of (await kept()).filter(mine)) {
    if (entry.state === "received" && (entry.shown || entry.page === here)) await forget(entry.key);
  }
}

fillShares();
readAloud();
sayOffline();
keepPages().catch(() => {});
if (window.indexedDB) {
  takeAnswers();
  keepOthers();
  keepShown();
  addEventListener("online", () => {
    pause = SOONEST_MS;
    sendOn();
  });
  tidy().then(sendOn, () => {});
}
