// Answers are kept with their key before anything is sent, and sent until somebody confirms or refuses them.
// saved → sending → received; or refused, with the reason; or session: whoever answered has to sign in again.
import { change, kept } from "./chest.js";

export const UNDO_MS = 10_000;
const HUNG_MS = 30_000;
const told = new BroadcastChannel("farmlink-outbox");

export const announce = () => told.postMessage("changed");
export const listen = (then) => {
  told.onmessage = then;
};

const ready = (entry, now) =>
  (entry.state === "saved" && entry.due <= now) ||
  (entry.state === "sending" && entry.begun + HUNG_MS <= now) ||
  entry.state === "session";

export const waits = (entry) => entry.state === "saved" || entry.state === "sending" || entry.state === "session";

// Send whatever is due.
export async function sendDue() {
  const due = (await kept()).filter((entry) => ready(entry, Date.now()));
  if (due.length) {
    const self = await whoami();
    if (self) for (const entry of due) await send(entry.key, self);
    announce();
  }
}

// Send what is due and what will be in a moment, for whoever answers and puts the phone away.
export async function sendAll() {
  await sendDue();
  const waiting = (await kept()).filter((entry) => entry.state === "saved");
  const soonest = Math.min(...waiting.map((entry) => entry.due - Date.now()));
  if (soonest > UNDO_MS) return; // nothing waits, or its page's clock is no longer ours
  await new Promise((resolve) => setTimeout(resolve, soonest + 50));
  await sendDue();
}

// The same in a turn that the browser gives, and gives again later if it fails. Who has to sign in is not waited for.
export async function sendInTurn() {
  await sendAll();
  if ((await kept()).some(({ state }) => state === "saved" || state === "sending")) throw new Error("something still waits");
}

// Who is signed in on this phone, and the word that their writes carry; null without a signal.
export async function whoami() {
  try {
    const answer = await fetch("/farm/outbox", { cache: "no-store", headers: { accept: "application/json" } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

async function send(key, self) {
  const begun = Date.now();
  const taken = await change(
    key,
    (entry) => ready(entry, begun),
    (entry) => ({ ...entry, state: "sending", begun }),
  );
  if (!taken) return;
  announce();
  const becomes = await outcome(taken, self);
  await change(
    key,
    (entry) => entry.state === "sending" && entry.begun === begun, // else it hung, and another took it
    (entry) => ({ ...entry, ...becomes }),
  );
}

async function outcome(entry, self) {
  const waiting = { state: "saved" };
  if (entry.person && entry.person !== self.person) return { state: "session", other: Boolean(self.person) };
  try {
    const answer = await fetch(entry.address, {
      method: "POST",
      cache: "no-store",
      headers: { accept: "application/json", "x-csrf-token": self.csrf, "content-type": "application/x-www-form-urlencoded" },
      body: entry.body,
      signal: AbortSignal.timeout?.(HUNG_MS),
    });
    if (answer.status === 401) return { state: "session", other: false };
    const said = await answer.json();
    if (answer.ok) return { state: "received", at: said.at, said: said.said, to: said.to };
    if (answer.status >= 500 || answer.status === 429 || said.code === "cross-site") return waiting;
    return { state: "refused", said: said.detail };
  } catch {
    return waiting;
  }
}
