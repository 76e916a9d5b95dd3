// Where a farmer's pages and their files are kept on the phone.
export const PAGES = "farm-pages-2";
export const FILES = "farm-files-1";
export const NO_SIGNAL = "/farm/no-signal";
export const OWNER = "/farm/owner"; // no page: beside the pages stands whose they are

// What is paid, and where, is read with a signal only.
export const mayKeep = (url) => !new URL(url).pathname.startsWith("/farm/money");
