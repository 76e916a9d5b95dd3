// Every page works without this file; it only spares a second thought.
import { runDown } from "./parts/countdown.js";
import { leaveNothing } from "./parts/leaving.js";
import { keepLive } from "./parts/live.js";
import { showFault } from "./parts/refused.js";
import { sendOnce } from "./parts/once.js";
import { shareHere } from "./parts/share.js";
import { stepFields } from "./parts/stepper.js";

sendOnce();
leaveNothing();
stepFields(document);
shareHere();
runDown(document);
keepLive();
showFault();
