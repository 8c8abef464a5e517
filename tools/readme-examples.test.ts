import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (...path: string[]) => readFileSync(join(root, ...path), "utf8");
const packages = globSync("{packages/*,apps/*,examples/*,bench,e2e}/package.json", { cwd: root }).map(dirname);

test.each(packages)("%s has a README that says what it is", (directory) => {
  const { name } = JSON.parse(read(directory, "package.json"));
  expect(read(directory, "README.md")).toMatch(new RegExp(`^# (${name}|${basename(directory)})\\n\\n\\S`));
});

const examples = globSync(["{packages,apps}/*/src/{,testing/}example.ts", "e2e/*/example.e2e.test.ts"], { cwd: root });

test.each(examples)("%s, which a test runs, is what the README shows", (path) => {
  const directory = packages.find((candidate) => path.startsWith(`${candidate}/`)) ?? "";
  const { name } = JSON.parse(read(directory, "package.json"));
  const example = read(path).replace('"./index.ts"', `"${name}"`);
  expect(read(directory, "README.md")).toContain(`\`\`\`ts\n${example}\`\`\``);
});
