// A leader's and a dock hand's pages work without this file; it saves taps and keystrokes.
import { typeDown } from "./parts/grid.js";
import { keepPictures } from "./parts/picture.js";
import { shrinkPhotos } from "./parts/shrink.js";
import { siftLists } from "./parts/sift.js";

typeDown();
siftLists();
keepPictures();
shrinkPhotos();

document.querySelector(".sections [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
