import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { firstLoad } from "./first-load.ts";

const page = `<!doctype html><script src="/theme.js"></script>
<script type="module" crossorigin src="/assets/index-a1.js"></script>
<link rel="modulepreload" crossorigin href="/assets/vendor-b2.js">`;

const files: Record<string, string> = {
  "theme.js": "document.documentElement",
  "assets/index-a1.js": `import{r}from"./vendor-b2.js";import"./side-c3.js";const p=()=>import("./terminal-screen-d4.js");import('./page-e5.js')`,
  "assets/vendor-b2.js": `export const r="react"`,
  "assets/side-c3.js": "globalThis.side=1",
  "assets/page-e5.js": `import{r}from"./vendor-b2.js"`,
  "assets/terminal-screen-d4.js": `import"./xterm-f6.js"`,
  "assets/xterm-f6.js": "x".repeat(1_000),
};
const read = (path: string): Buffer => Buffer.from(files[path] ?? expect.unreachable(path));

test("every script counts that the page needs before anything of it is opened, each once", () => {
  const { files: found, bytes } = firstLoad(page, read);
  const wanted = ["assets/index-a1.js", "assets/side-c3.js", "assets/vendor-b2.js", "theme.js"];
  expect(found).toEqual(wanted);
  expect(bytes).toBe(wanted.reduce((sum, path) => sum + gzipSync(read(path)).byteLength, 0));
});

test("a page without scripts is no dashboard", () => {
  expect(() => firstLoad("<!doctype html>", read)).toThrow("no script");
});
