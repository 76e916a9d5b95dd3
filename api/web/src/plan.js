// The planner's pages: one selection through map, trips, day and tables; and a run drawn while it searches.
import { drawMap } from "./parts/plan_map.js";
import { linkBoard } from "./parts/plan_board.js";
import { watchRun } from "./parts/plan_run.js";

const board = document.querySelector("[data-board]");
if (board) linkBoard(board);
const map = document.querySelector("[data-map]");
if (map) drawMap(map, Boolean(board));
const run = document.querySelector("[data-run]");
if (run) watchRun(run);
