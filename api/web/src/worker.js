// Serves a farmer's pages without a signal: from the network where there is one, else as they were kept on this phone.
import { sendAll, sendInTurn, whoami } from "./parts/outbox.js";
import { FILES, mayKeep, NO_SIGNAL, OWNER, PAGES } from "./parts/pages.js";

const MOST_PAGES = 60;
const PATIENCE_MS = 8000;
const ANY = { ignoreVary: true };

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(PAGES).then((pages) => pages.add(NO_SIGNAL)));
});

addEventListener("activate", (event) => {
  event.waitUntil(clean().then(() => clients.claim()));
});

async function clean() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("farm-") && name !== PAGES && name !== FILES);
  await Promise.all(old.map((name) => caches.delete(name)));
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (pathname.startsWith("/static/")) event.respondWith(file(request));
});

addEventListener("sync", (event) => {
  event.waitUntil(sendInTurn());
});

addEventListener("message", (event) => {
  event.waitUntil(sendAll());
});

async function page(request) {
  let answer;
  try {
    answer = await soon(fetch(request));
  } catch {
    return kept(request).catch(bare);
  }
  await remember(request, answer).catch(() => {}); // a phone without room still shows what came
  return answer;
}

// 401, 403: no session, or a farmer no more. 404: this page is gone, such as that of a farm which is somebody else's now.
async function remember(request, answer) {
  const pages = await caches.open(PAGES);
  const shut = [401, 403].includes(answer.status) && ofFarm(request.url);
  if (shut || (answer.type === "opaqueredirect" && (await left(pages)))) await forgetFarm(pages);
  else if (answer.status === 404) await pages.delete(request.url, ANY);
  else if (answer.ok && answer.type === "basic" && !answer.redirected) await keepFor(pages, request.url, answer.clone());
}

// The pages kept are those of one person: when the next one's come, the last one's go.
async function keepFor(pages, url, answer) {
  const person = personOn(await answer.clone().text());
  if (person && person !== (await owner(pages))) {
    await forgetFarm(pages);
    await pages.put(OWNER, new Response(person));
  }
  if (mayKeep(url)) await keepPage(pages, url, answer);
}

const personOn = (text) => /<meta name="farmlink-person" content="([^"]*)"/.exec(text)?.[1] ?? "";
const owner = async (pages) => (await (await pages.match(OWNER))?.text()) ?? "";
const ofFarm = (url) => /^\/farm(\/|$)/.test(new URL(url).pathname);

async function kept(request) {
  const pages = await caches.open(PAGES);
  const whose = await owner(pages);
  const known = mayKeep(request.url) && (await pages.match(request.url, ANY));
  if (known && [whose, ""].includes(personOn(await known.clone().text()))) return marked(known);
  const none = await pages.match(NO_SIGNAL, ANY);
  return none ? marked(none, whose) : bare();
}

// Browsers may throw away what was kept; then there is still something to say.
function bare() {
  const text =
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">' +
    '<title>farmlink</title><h1>No signal <span lang="zh-CN">没有信号</span></h1><p><a href="/farm">↻ farmlink</a></p>';
  return new Response(text, { headers: { "content-type": "text/html; charset=utf-8" } });
}

// A cheap phone has little room: the pages that were not opened for longest go first.
async function keepPage(pages, url, answer) {
  await pages.delete(url, ANY);
  await pages.put(url, answer);
  const names = (await pages.keys()).filter(({ url }) => !url.endsWith(NO_SIGNAL) && !url.endsWith(OWNER));
  await Promise.all(names.slice(0, Math.max(0, names.length - MOST_PAGES)).map((name) => pages.delete(name)));
}

// Who is led elsewhere may have to sign in: if not even their name is known, what was kept is nobody else's to read.
async function left(pages) {
  const self = await soon(whoami()).catch(() => null);
  return self?.person !== (await owner(pages));
}

async function forgetFarm(pages) {
  const names = await pages.keys();
  const own = names.filter(({ url }) => ofFarm(url) && !url.endsWith(NO_SIGNAL));
  await Promise.all(own.map((name) => pages.delete(name)));
}

function soon(answer) {
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE_MS, new Error("too slow")));
  return Promise.race([answer, late]);
}

// The page says itself that it is an old one, and of when; the page for all others is its reader's.
async function marked(known, person) {
  const at = known.headers.get("date") ?? "";
  const written = (await known.text()).replace("<html ", `<html data-stored="${at}" `);
  const text = person === undefined ? written : written.replace(/(name="farmlink-person" content=")[^"]*/, `$1${person}`);
  const headers = new Headers(known.headers);
  headers.delete("content-encoding");
  headers.delete("content-length");
  return new Response(text, { status: 200, headers });
}

async function file(request) {
  const files = await caches.open(FILES);
  const known = await files.match(request, ANY);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) {
    await files.put(request, answer.clone());
    await onlyNewest(files, request.url);
  }
  return answer;
}

// A file that changed has another `v`; its earlier ones are not asked for again.
async function onlyNewest(files, url) {
  const path = new URL(url).pathname;
  const old = (await files.keys()).filter((name) => new URL(name.url).pathname === path && name.url !== url);
  await Promise.all(old.map((name) => files.delete(name)));
}
