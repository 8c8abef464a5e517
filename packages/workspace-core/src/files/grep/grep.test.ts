import { describe, expect, test } from "vitest";
import { createPolicy } from "../../policy/policy.ts";
import type { PolicyRules } from "../../policy/rules.ts";
import { createFakeBox } from "../../testing/fake-box.ts";
import { createFakeHome } from "../../testing/fake-home.ts";
import type { FakeProgram } from "../../testing/fake-process.ts";
import { unheardOf } from "../../testing/unheard.ts";
import { grep } from "./grep.ts";
import { parsePlainGrep, plainGrepArgv } from "./plain-grep.ts";
import type { GrepRequest } from "./request.ts";
import { parseRipgrep, ripgrepArgv } from "./ripgrep.ts";
import { tooLargeArgv } from "./too-large.ts";

const ROOT = "/home/workspace";

function search(programs: Record<string, FakeProgram>, request: Partial<GrepRequest> = {}, rules: PolicyRules = {}) {
  const all = { sh: () => ({}), ...programs };
  const box = createFakeBox(createFakeHome("ws-grep"), new AbortController().signal, all);
  const policy = createPolicy([{ of: "workspace", name: "demo", rules }]);
  return grep(box, ROOT, { pattern: "x", path: "", ...request }, { policy });
}

const told = (type: string, path: string, line: number, text: string): string =>
  `${JSON.stringify({ type, data: { path: { text: `./${path}` }, lines: { text: `${text}\n` }, line_number: line } })}\n`;
const match = (path: string, line: number, text = "x"): string => told("match", path, line, text);

describe("nothing that is asked for is taken for an option", () => {
  const hostile = { pattern: "--pre=/bin/sh", path: "--files", include: "-f/etc/passwd" };
  test("of ripgrep, whose --pre runs a program (CVE-2021-3013)", () => {
    const argv = ripgrepArgv(hostile);
    expect(argv).toContain("--regexp=--pre=/bin/sh");
    expect(argv).toContain("--glob=-f/etc/passwd");
    expect(argv.slice(argv.indexOf("--"))).toEqual(["--", "./--files"]);
    expect(argv).toContain("--no-config");
  });

  test("of grep", () => {
    const argv = plainGrepArgv(hostile);
    expect(argv.slice(argv.indexOf("-e"))).toEqual(["-e", "--pre=/bin/sh", "--", "./--files"]);
    expect(argv).toContain("--include=passwd");
  });
});

test("matches are told with the lines beside them, once for each match that they are beside", async () => {
  const rg: FakeProgram = () => ({
    stdout:
      told("context", "a", 1, "one") +
      match("a", 2) +
      told("context", "a", 3, "three") +
      match("a", 4) +
      told("context", "b", 3, "other"),
  });
  expect(await search({ rg }, { context: 1 })).toEqual({
    matches: [
      { path: "a", line: 2, text: "x", before: ["one"], after: ["three"] },
      { path: "a", line: 4, text: "x", before: ["three"], after: [] },
    ],
    truncated: false,
  });
});

test("what the policy does not let be read is left out: what is hidden, and what holds secrets", async () => {
  const rg: FakeProgram = () => ({
    stdout: match(".env", 1) + match("private/a", 1) + match("src/a", 1) + match("lib/.git/config", 1),
  });
  expect((await search({ rg }, {}, { hiddenPaths: ["private"] })).matches.map(({ path }) => path)).toEqual(["src/a"]);
});

test("no more is read than was asked for, and the program is ended", async () => {
  let ended = false;
  const rg: FakeProgram = async ({ print, signal }) => {
    for (let line = 1; !signal.aborted; line += 1) await print(new TextEncoder().encode(match("a", line)));
    ended = true;
    return {};
  };
  const { matches, truncated } = await search({ rg }, { maxResults: 3 });
  expect([matches.map(({ line }) => line), truncated]).toEqual([[1, 2, 3], true]);
  await expect.poll(() => ended).toBe(true);
});

describe("files that are too large to be searched", () => {
  const rg: FakeProgram = () => ({ stdout: match("a", 1) });
  const large =
    (...paths: string[]): FakeProgram =>
    () => ({ stdout: paths.map((path) => `./${path}\0`).join("") });

  test("are named as far as they may be read, with whatever stands in their names", async () => {
    const sh = large("z\nz", "dump.sql", "private/dump.sql", "id_rsa");
    expect((await search({ rg, sh }, {}, { hiddenPaths: ["private"] })).tooLarge).toEqual(["dump.sql", "z\nz"]);
  });

  test("are not told where there are none, and one that was itself asked for is searched", async () => {
    expect(await search({ rg, sh: large() })).not.toHaveProperty("tooLarge");
    expect(await search({ rg, sh: large("dump.sql") }, { path: "dump.sql" })).not.toHaveProperty("tooLarge");
  });

  test("are not waited for once there are matches enough", async () => {
    let ended = false;
    const sh: FakeProgram = ({ signal }) =>
      new Promise((resolve) =>
        signal.addEventListener("abort", () => {
          ended = true;
          resolve({});
        }),
      );
    const many: FakeProgram = () => ({ stdout: match("a", 1) + match("a", 2) });
    expect(await search({ rg: many, sh }, { maxResults: 1 })).toMatchObject({ truncated: true });
    await expect.poll(() => ended).toBe(true);
  });

  test("are looked for with the same choice of files", () => {
    const request = { pattern: "-x", path: "-src", include: "*.ts" };
    const searched = ripgrepArgv(request);
    expect(tooLargeArgv(request).slice(-7)).toEqual(searched.slice(-7));
    expect(searched).toContain("--glob=*.ts");
    expect(searched.slice(-2)).toEqual(["--", "./-src"]);
  });
});

test("a path that is longer than any that can be asked for is left out, and the rest is told", async () => {
  const deep = "d/".repeat(2_100);
  const rg: FakeProgram = () => ({ stdout: match(`${deep}a`, 1) + match("b", 1) });
  expect((await search({ rg })).matches.map(({ path }) => path)).toEqual(["b"]);
});

test("where there is no ripgrep, grep does it", async () => {
  const said = "./a\u00002:x y\n./a\u00003-beside\n--\n./-b:c\u00001:x\n";
  expect(await search({ grep: () => ({ stdout: said }) }, { context: 1 })).toEqual({
    matches: [
      { path: "a", line: 2, text: "x y", before: [], after: ["beside"] },
      { path: "-b:c", line: 1, text: "x", before: [], after: [] },
    ],
    truncated: false,
  });
});

test("no match is no failure, and what is no pattern is told with what is wrong about it", async () => {
  expect(await search({ rg: () => ({ code: 1 }) })).toEqual({ matches: [], truncated: false });
  const rg: FakeProgram = () => ({ code: 2, stderr: "regex parse error:\n    (\n    ^\nerror: unclosed group\n" });
  await expect(search({ rg }, { pattern: "(" })).rejects.toMatchObject({
    code: "invalid_input",
    message: "'(' cannot be searched for: error: unclosed group.",
  });
});

test("a file that could not be read does not hide what was found in others", async () => {
  expect((await search({ rg: () => ({ code: 2, stdout: match("a", 1) }) })).matches).toHaveLength(1);
});

describe("what a line of output tells", () => {
  test.each([
    ['{"type":"begin","data":{"path":{"text":"a"}}}', undefined],
    ['{"type":"match","data":{"path":{"bytes":"/w=="},"lines":{"text":"x"},"line_number":1}}', undefined],
    ['{"type":"match","data":{"path":{"text":"a"},"lines":{"bytes":"/w=="},"line_number":1}}', undefined],
    ['{"type":"match","data":{"path":{"te', undefined],
    [match("a", 7, "x\r").trim(), { path: "a", line: 7, text: "x", matches: true }],
  ])("of ripgrep: %s", (line, expected) => {
    expect(parseRipgrep(line)).toEqual(expected);
  });

  test("a line of thousands of characters is cut, between two of them", () => {
    const text = parseRipgrep(match("a", 1, "😀".repeat(2_000)))?.text ?? "";
    expect(text).toBe("😀".repeat(text.length / 2));
    expect(text.length).toBeLessThanOrEqual(1_000);
  });

  test("of grep, where a name may hold anything but NUL", () => {
    expect(parsePlainGrep("./a:1:b\u00009:x:y")).toEqual({ path: "a:1:b", line: 9, text: "x:y", matches: true });
    expect(parsePlainGrep("--")).toBeUndefined();
  });
});

test("a search that is given up leaves no failure that nobody waits for", async () => {
  const gone = new Error("gone");
  const cut = async function* (): AsyncGenerator<Uint8Array> {
    throw gone;
  };
  const run = async () => ({ stdout: cut(), stderr: cut(), exit: Promise.reject(gone) });
  const given = () => grep({ run } as never, ROOT, { pattern: "a", path: "" }, { policy: createPolicy([]) });
  expect(await unheardOf(() => expect(given()).rejects.toBe(gone))).toEqual([]);
});
