// Where a farmer's pages and their files are kept on the phone.
export const PAGES = "farm-pages-1";
export const FILES = "farm-files-1";
