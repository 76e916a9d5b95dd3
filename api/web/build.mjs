// Builds what browsers load: our sheet and script made small, and the API page's own files for use without a network.
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "..", "static");
const swagger = ["swagger-ui-bundle.js", "swagger-ui.css"];

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({
  absWorkingDir: here,
  entryPoints: ["src/app.css", "src/app.js", "src/api.css", "src/api.js"],
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2020"],
  legalComments: "none",
  logLevel: "warning",
});
const swaggerUi = join(here, "node_modules", "swagger-ui-dist");
for (const name of swagger) {
  await copyFile(join(swaggerUi, name), join(out, name));
}
for (const name of ["LICENSE", "NOTICE"]) {
  await copyFile(join(swaggerUi, name), join(out, `swagger-ui.${name}.txt`));
}

const hashes = {};
for (const name of (await readdir(out)).sort()) {
  hashes[name] = createHash("sha256").update(await readFile(join(out, name))).digest("hex").slice(0, 12);
}
await writeFile(join(out, "manifest.json"), JSON.stringify(hashes, null, 1) + "\n");
