import { expect, test } from "vitest";
import { measure, type Chunk } from "./budget.ts";

function chunk(fileName: string, more: Partial<Chunk> = {}): Chunk {
  return { fileName, code: `// ${fileName}`, isEntry: false, imports: [], dynamicImports: [], ...more };
}

const names = (sizes: readonly { fileName: string }[]) => sizes.map(({ fileName }) => fileName).sort();

test("Everything counts that can be loaded before a terminal is opened, lazy pages too", () => {
  const report = measure(
    [
      chunk("index", { isEntry: true, imports: ["vendor"], dynamicImports: ["page", "terminal"] }),
      chunk("vendor"),
      chunk("page", { imports: ["shared"] }),
      chunk("terminal", { imports: ["vendor", "shared", "xterm"] }),
      chunk("shared"),
      chunk("xterm"),
    ],
    ({ fileName }) => fileName === "terminal",
  );
  expect(names(report.before)).toEqual(["index", "page", "shared", "vendor"]);
  expect(names(report.after)).toEqual(["terminal", "xterm"]);
  expect(report.beforeKb).toBeGreaterThan(0);
});

test("A chunk that the entry itself imports counts even when the terminal uses it as well", () => {
  const report = measure(
    [
      chunk("index", { isEntry: true, imports: ["xterm"], dynamicImports: ["terminal"] }),
      chunk("terminal", { imports: ["xterm"] }),
      chunk("xterm"),
    ],
    ({ fileName }) => fileName === "terminal",
  );
  expect(names(report.before)).toEqual(["index", "xterm"]);
});
