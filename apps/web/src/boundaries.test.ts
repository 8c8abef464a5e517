import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const source = fileURLToPath(new URL(".", import.meta.url));
const imports = globSync("**/*.{ts,tsx}", { cwd: source }).flatMap((file) =>
  [...readFileSync(join(source, file), "utf8").matchAll(/from "(?<to>[^"]+)"|import\("(?<lazy>[^"]+)"\)/g)].map(
    ({ groups }) => {
      const to = groups?.["to"] ?? groups?.["lazy"] ?? "";
      return { file, to: to.startsWith(".") ? relative(source, join(source, dirname(file), to)) : to };
    },
  ),
);
const featureOf = (path: string) => /^features\/([^/]+)\//.exec(path)?.[1];

test("No feature imports another: one can be deleted by deleting its folder and the lines in routes/", () => {
  const across = imports.filter(({ file, to }) => {
    const [from, into] = [featureOf(file), featureOf(to)];
    return from !== undefined && into !== undefined && from !== into;
  });
  expect(across).toEqual([]);
});

test("Only routes know features: components and the files beside them are what features stand on", () => {
  const upward = imports.filter(
    ({ file, to }) =>
      featureOf(to) !== undefined &&
      featureOf(file) === undefined &&
      !file.startsWith("routes/") &&
      !file.startsWith("testing/"),
  );
  expect(upward).toEqual([]);
});

test("The contract's schemas stay out of the page: its types are enough, and a schema library is not", () => {
  const files = imports.filter(({ file, to }) => to === "@ws/rpc-contract" && !file.endsWith(".test.ts"));
  const valueImports = files.filter(
    ({ file }) => !/import type \{[^}]*\} from "@ws\/rpc-contract";/.test(readFileSync(join(source, file), "utf8")),
  );
  expect(valueImports).toEqual([]);
});
