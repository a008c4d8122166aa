// Refuses what a browser of 2021 (Chromium 90) does not know and esbuild does not lower, and
// whatever would reach out of this site.
import { readdir, readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const CSS = {
  ":has()": /:has\(/,
  "color-mix()": /color-mix\(/,
  "light-dark()": /light-dark\(/,
  "@layer": /@layer\b/,
  "@container": /@container\b/,
  "@property": /@property\b/,
  "nesting": /[{;}]\s*&[\s.:#>[]/,
  "new viewport units": /\d(?:d|s|l)v(?:h|w|min|max)\b/,
  "oklch() and its like": /\b(?:oklch|oklab|lch|lab)\(/,
  "text-wrap": /text-wrap:/,
  "subgrid": /subgrid/,
  "range media queries": /@media[^{]*[<>]=?/,
};
const JS = {
  "structuredClone": /\bstructuredClone\(/,
  "crypto.randomUUID": /\brandomUUID\b/,
  ".at()": /\.at\(-?\d/,
  ".findLast()": /\.findLast(?:Index)?\(/,
  "arrays by copy": /\.toSorted\(|\.toReversed\(|\.toSpliced\(|\.with\(\d/,
  "Object.hasOwn": /\bObject\.hasOwn\(/,
  "Object.groupBy": /\bObject\.groupBy\(/,
  "Array.fromAsync": /\bArray\.fromAsync\(/,
  "Promise.withResolvers": /\bwithResolvers\(/,
  "error cause": /new Error\([^)]*\{\s*cause:/,
};
const BOTH = {
  "another site's address": /(?:url\(|@import\s*|src=|import\()\s*["']?(?:https?:)?\/\//,
};

/** What is wrong in a file of this name. */
export function complaints(name, text) {
  const rules = { ...(name.endsWith(".css") ? CSS : JS), ...BOTH };
  return Object.entries(rules)
    .filter(([, pattern]) => pattern.test(text))
    .map(([what]) => `${name}: ${what}`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const names = (await readdir("dist")).filter((name) => /\.(css|js)$/.test(name));
  const found = [];
  for (const name of names) found.push(...complaints(name, await readFile(`dist/${name}`, "utf8")));
  if (names.length < 3) found.push("dist/ is not complete: run npm run build");
  for (const line of found) console.error(line);
  process.exitCode = found.length ? 1 : 0;
}
