import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { expect, onTestFinished, test } from "vitest";
import { createContext } from "../../context.ts";
import { createFakeIo } from "../../testing/fake-io.ts";
import { registerTerminal } from "./index.ts";

const size = { cols: 80, rows: 24 };

function setup() {
  const io = createFakeIo();
  const asked: [string, object][] = [];
  const answer =
    <T>(name: string, value: T) =>
    async (input: object): Promise<T> => {
      asked.push([name, input]);
      return value;
    };
  const terminals = {
    list: answer("list", [
      {
        id: "main",
        name: "main",
        title: "vim \u001b]0;x\u0007",
        ...size,
        created: new Date().toISOString(),
        viewers: 2,
      },
      { id: "t2", name: "build", ...size, created: new Date().toISOString(), viewers: 0, exitCode: 3 },
    ]),
    links: answer("links", [
      { id: "tok-1", terminal: "build", created: new Date().toISOString(), expires: "2030-01-01T00:00:00Z" },
    ]),
    unshare: answer("unshare", { success: true }),
    rename: answer("rename", { id: "main", name: "build" }),
    share: answer("share", {
      url: "http://box/watch/demo/main#token=shown",
      id: "tok-1",
      expires: "2030-01-01T00:00:00Z",
    }),
    record: answer("record", { success: true }),
    recording: answer("recording", piecesOf("one\n", "two\n")),
    close: answer("close", { success: true }),
  };
  const context = {
    ...createContext(io),
    connect: async () => ({ client: { terminals }, target: { kind: "socket", path: "s" } }) as never,
  };
  const program = new Command();
  registerTerminal(program, context);
  const run = async (...argv: string[]) => void (await program.parseAsync(["terminal", ...argv], { from: "user" }));
  return { io, asked, run };
}

async function* piecesOf(...texts: string[]): AsyncGenerator<{ text: string }> {
  for (const text of texts) yield { text };
}

test("a list says which run, at which size, and how many look at them", async () => {
  const { io, run } = setup();
  await run("list", "demo");
  expect(io.out()).toMatch(/main +running +80x24 +2 .* vim/);
  // oxlint-disable-next-line no-control-regex -- What a program says is nothing that a terminal obeys.
  expect(io.out()).not.toMatch(/[\u001b\u0007]/);
  expect(io.out()).toMatch(/build +exited 3 +- +0 /);
});

test("one is called something else, and what is said is its new name", async () => {
  const { io, asked, run } = setup();
  await run("rename", "demo", "main", "build");
  expect(asked).toEqual([["rename", { name: "demo", terminal: "main", newName: "build" }]]);
  expect(io.out()).toBe("main  renamed to build\n");
});

test("a link is all that is printed, and how to end it stands beside it", async () => {
  const { io, asked, run } = setup();
  await run("share", "demo", "--ttl", "2h");
  expect(asked).toEqual([["share", { name: "demo", terminal: "main", ttlSeconds: 7_200 }]]);
  expect(io.out()).toBe("http://box/watch/demo/main#token=shown\n");
  expect(io.err()).toContain("ws terminal unshare demo tok-1");
});

test("links are listed without what opens them, and revoked one by one", async () => {
  const { io, asked, run } = setup();
  await run("links", "demo");
  expect(io.out()).toMatch(/tok-1 +build +.* never/);
  await run("unshare", "demo", "tok-1");
  expect(asked.at(-1)).toEqual(["unshare", { name: "demo", link: "tok-1" }]);
  expect(io.out()).toMatch(/tok-1 {2}revoked\n$/);
});

test("a recording is begun, ended and written to a new file, or to standard output and nothing else", async () => {
  const directory = mkdtempSync(join(tmpdir(), "ws-cli-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "demo.cast");
  const begun = setup();
  await begun.run("record", "demo", "build");
  expect(begun.asked).toEqual([["record", { name: "demo", terminal: "build", on: true }]]);
  const ended = setup();
  await ended.run("record", "demo", "--stop", "--download", file);
  expect(ended.asked.map(([name]) => name)).toEqual(["record", "recording"]);
  expect(readFileSync(file, "utf8")).toBe("one\ntwo\n");
  await expect(setup().run("record", "demo", "--download", file)).rejects.toMatchObject({ code: "file_exists" });
  const printed = setup();
  await printed.run("record", "demo", "--stop", "--download", "-");
  expect(printed.io.out()).toBe("one\ntwo\n");
});

test("a terminal is closed by its name", async () => {
  const { asked, run } = setup();
  await run("close", "demo", "build");
  expect(asked).toEqual([["close", { name: "demo", terminal: "build" }]]);
});
