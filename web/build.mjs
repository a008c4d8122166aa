// Bundles the stylesheets and the script into dist/, for browsers from Chromium 90 on.
import { build } from "esbuild";
import { copyFile, mkdir, rm } from "node:fs/promises";

await rm("dist", { recursive: true, force: true });
await mkdir("dist");
const { warnings } = await build({
  entryPoints: ["src/app.ts", "src/app.css", "src/paper.css", "src/public.ts", "src/public.css"],
  bundle: true,
  minify: true,
  charset: "utf8",
  legalComments: "eof",
  target: "chrome90",
  outdir: "dist",
  logLevel: "warning",
});
if (warnings.length > 0) process.exitCode = 1;
await copyFile("src/icon.svg", "dist/icon.svg");
