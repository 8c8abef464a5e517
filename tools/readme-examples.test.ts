import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (...path: string[]) => readFileSync(join(root, ...path), "utf8");
const packages = globSync("{packages,apps}/*/package.json", { cwd: root }).map((path) => path.split("/").slice(0, 2));

test.each(packages.map((path) => path.join("/")))("%s has a README that says what it is", (directory) => {
  expect(existsSync(join(root, directory, "README.md"))).toBe(true);
  expect(read(directory, "README.md")).toContain(`# ${JSON.parse(read(directory, "package.json")).name}\n`);
});

const examples = globSync("{packages,apps}/*/src/{,testing/}example.ts", { cwd: root });

test.each(examples)("%s, which a test runs, is what the README shows", (path) => {
  const directory = path.split("/").slice(0, 2).join("/");
  const { name } = JSON.parse(read(directory, "package.json"));
  const example = read(path).replace('"./index.ts"', `"${name}"`);
  expect(read(directory, "README.md")).toContain(`\`\`\`ts\n${example}\`\`\``);
});
