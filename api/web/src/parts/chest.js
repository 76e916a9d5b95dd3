// What a phone keeps: answers on their way, by the key under which each has one effect. IndexedDB, so that the page and
// the service worker see the same.
const NAME = "farmlink";
const KEPT = "outbox";
const SELF = "phone";

const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function opened() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(KEPT, { keyPath: "key" });
    request.result.createObjectStore(SELF);
  };
  return asked(request);
}

async function within(store, mode, work) {
  const chest = await opened();
  try {
    const deal = chest.transaction(store, mode);
    const done = new Promise((resolve, reject) => {
      deal.oncomplete = resolve;
      deal.onabort = deal.onerror = () => reject(deal.error);
    });
    const outcome = await work(deal.objectStore(store));
    await done;
    return outcome;
  } finally {
    chest.close();
  }
}

export const keep = (entry) => within(KEPT, "readwrite", (store) => asked(store.put(entry)));
export const kept = () => within(KEPT, "readonly", (store) => asked(store.getAll()));
export const forget = (key) => within(KEPT, "readwrite", (store) => asked(store.delete(key)));

// Change an entry in one step, only if it still is as `may` wants it: two tabs and the worker never both take it.
export const change = (key, may, into) =>
  within(KEPT, "readwrite", async (store) => {
    const entry = await asked(store.get(key));
    if (!entry || !may(entry)) return null;
    const changed = into(entry);
    await asked(changed ? store.put(changed) : store.delete(key));
    return entry;
  });

export const fresh = () =>
  crypto.randomUUID?.() ??
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
    (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16),
  );

// Which phone this is: a link belongs to the first that answers by it, also when its first answer got lost on the way.
export const phone = () =>
  within(SELF, "readwrite", async (store) => {
    const known = await asked(store.get("id"));
    if (known) return known;
    const id = fresh();
    await asked(store.put(id, "id"));
    return id;
  });
