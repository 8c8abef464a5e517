import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import stringWidth from "string-width";
import { expect, test } from "vitest";
import { createContext } from "../context.ts";
import { createFakeIo } from "../testing/fake-io.ts";

const HEADER = ["NAME", "STATUS", "REPOSITORY", "BRANCH", "RUNTIME", "CPU", "MEM", "DISK", "USED"];
const FAMILY = "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}";
const ROWS = [
  ["demo", "running", "acme/storefront", "main", "docker", "12 %", "212 MiB", "1.0 GiB", "now"],
  [
    "修复登录".repeat(10),
    "error (repository_not_found)",
    FAMILY.repeat(9),
    "e\u0301".repeat(60),
    "-",
    "-",
    "-",
    "-",
    "-",
  ],
  ["\u001b[31mred\u001b[0m", "a\tb\nc", "ＡＢＣ".repeat(30), "x".repeat(300), "-", "-", "-", "-", "9 d ago"],
];

function printed(columns: number | undefined, env: Record<string, string> = {}): string[] {
  const io = createFakeIo(env);
  if (columns !== undefined) Object.assign(io.stdout, { isTTY: true, columns });
  createContext(io).printTable(HEADER, ROWS);
  return io.out().split("\n").slice(0, -1);
}

test.each([40, 80, 200])(
  "no table is wider than a terminal of %d columns, in whatever script its cells are",
  (columns) => {
    for (const lines of [printed(columns), printed(columns, { NO_COLOR: "1" })]) {
      expect(lines).toHaveLength(1 + ROWS.length);
      expect(lines.filter((line) => stringWidth(line) > columns)).toEqual([]);
      expect(lines.join("")).not.toContain("\u001b");
      expect(lines[1]).toMatch(/^demo +running/);
    }
  },
);

test("in a pipe nothing is cut, and every column begins where its header does", () => {
  const lines = printed(undefined);
  expect(lines.join("")).not.toContain("…");
  expect(lines[3]).toContain("x".repeat(300));
  const at = stringWidth((lines[0] ?? "").split("RUNTIME")[0] ?? "");
  for (const [index, line] of lines.slice(1).entries()) {
    const cell = ROWS[index]?.[4] ?? "";
    const before = new RegExp(`^(.*  )${cell} +\\S`).exec(line)?.[1] ?? line;
    expect(stringWidth(before)).toBeGreaterThanOrEqual(at);
  }
});

test("every table is printed so: nothing else makes one", () => {
  const sources = fileURLToPath(new URL("..", import.meta.url));
  const makers = globSync("**/*.{ts,tsx}", { cwd: sources }).filter((file) => {
    const source = file.includes(".test.") ? "" : readFileSync(`${sources}/${file}`, "utf8");
    return /\{[^}]*\btable\b[^}]*\} from "[^"]*\/table\.ts"/.test(source);
  });
  expect(makers).toEqual(["context.ts"]);
});
