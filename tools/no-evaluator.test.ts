import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

test("no package that evaluates code within the process is installed (vm2 CVE-2023-37466)", () => {
  const lock = readFileSync(join(root, "pnpm-lock.yaml"), "utf8");
  const packages = new Set([...lock.matchAll(/^ {2}'?(@?[^@'\s]+)@[^:]+:$/gm)].map(([, name]) => name));
  expect(packages.size).toBeGreaterThan(100);
  for (const name of [
    "vm2",
    "isolated-vm",
    "safe-eval",
    "static-eval",
    "notevil",
    "vm-browserify",
    "quickjs-emscripten",
  ])
    expect([name, packages.has(name)]).toEqual([name, false]);
});

test("nor does anything that we ship evaluate any (vm2 CVE-2023-37466)", () => {
  const files = globSync("{apps,packages}/*/src/**/*.{ts,tsx}", { cwd: root }).filter(
    (file) => !file.includes(".test."),
  );
  expect(files.length).toBeGreaterThan(300);
  const evaluating = files.filter((file) =>
    /["'](?:node:)?vm["']|\bnew Function\(|(?<![.\w])eval\(/.test(readFileSync(join(root, file), "utf8")),
  );
  expect(evaluating).toEqual([]);
});
