// Records and imports work without this file; with it a table is read from a file into its field.
import { readTables } from "./parts/tables.js";

readTables();

document.querySelector(".sections [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
