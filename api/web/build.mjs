// Builds what browsers load: our sheets and scripts made small, the map's backdrop, and the API page's own files.
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { feature, mesh } from "topojson-client";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "..", "static");
const packages = join(here, "node_modules");
const swagger = ["swagger-ui-bundle.js", "swagger-ui.css"];

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });

// Every file directly in src is one that a page asks for; what they share is in src/parts.
const named = (await readdir(join(here, "src"))).filter((name) => /\.(css|js)$/.test(name));
await build({
  absWorkingDir: here,
  entryPoints: named.map((name) => `src/${name}`),
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2020"],
  loader: { ".png": "dataurl", ".svg": "dataurl" },
  legalComments: "none",
  logLevel: "warning",
});
await copyFile(join(here, "src", "mark.svg"), join(out, "mark.svg"));

const swaggerUi = join(packages, "swagger-ui-dist");
for (const name of swagger) {
  await copyFile(join(swaggerUi, name), join(out, name));
}
for (const name of ["LICENSE", "NOTICE"]) {
  await copyFile(join(swaggerUi, name), join(out, `swagger-ui.${name}.txt`));
}

// The backdrop of maps, as GeoJSON: shores of the world (Natural Earth, by way of world-atlas), states of the United
// States (Census Bureau, by way of us-atlas). A hundredth of a degree is enough behind dots.
const opened = async (name) => JSON.parse(await readFile(join(packages, name), "utf8"));
const rounded = (shape) => JSON.stringify(shape, (_, value) => (typeof value === "number" ? Math.round(value * 100) / 100 : value));
const world = await opened("world-atlas/land-110m.json");
const states = await opened("us-atlas/states-10m.json");
await writeFile(join(out, "world.json"), rounded(feature(world, world.objects.land)));
await writeFile(join(out, "states.json"), rounded(mesh(states, states.objects.states)));

const hashes = {};
for (const name of (await readdir(out)).sort()) {
  hashes[name] = createHash("sha256").update(await readFile(join(out, name))).digest("hex").slice(0, 12);
}
await writeFile(join(out, "manifest.json"), JSON.stringify(hashes, null, 1) + "\n");
