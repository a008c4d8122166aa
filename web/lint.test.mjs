import assert from "node:assert/strict";
import test from "node:test";
import { complaints } from "./lint.mjs";

test("what Chromium 90 does not know is refused by name", () => {
  const styles = [
    "a:has(b){}",
    "@layer x{}",
    "a{color:color-mix(in srgb,red,blue)}",
    "a{& .b{}}",
    "a{height:100dvh}",
  ];
  for (const css of styles) {
    assert.equal(complaints("x.css", css).length, 1, css);
  }
  const scripts = ["structuredClone(a)", "crypto.randomUUID()", "a.at(-1)", "Object.hasOwn(a,b)"];
  for (const js of scripts) {
    assert.equal(complaints("x.js", js).length, 1, js);
  }
});

test("another site's address is refused, ours is not", () => {
  assert.equal(complaints("x.css", "a{background:url(https://elsewhere/x.png)}").length, 1);
  assert.deepEqual(complaints("x.css", "a{background:url(/assets/x.png)}"), []);
});
