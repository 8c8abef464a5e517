import { expect, test } from "vitest";
import { createPolicy } from "../../policy/policy.ts";
import type { PolicyRules } from "../../policy/rules.ts";
import { createFakeBox } from "../../testing/fake-box.ts";
import { createFakeHome } from "../../testing/fake-home.ts";
import type { FakeProgram } from "../../testing/fake-process.ts";
import { unheardOf } from "../../testing/unheard.ts";
import { find } from "./find.ts";

function look(programs: Record<string, FakeProgram>, query: string, rules: PolicyRules = {}) {
  const box = createFakeBox(createFakeHome("ws-find"), new AbortController().signal, programs);
  return find(box, "/home/workspace", { query }, { policy: createPolicy([{ of: "workspace", name: "demo", rules }]) });
}

test("what is hidden is not found", async () => {
  const rg: FakeProgram = () => ({ stdout: "src/key.ts\nsecret/key.ts\n" });
  expect(await look({ rg }, "key", { hiddenPaths: ["secret"] })).toEqual({ paths: ["src/key.ts"], truncated: false });
});

test("where there is no ripgrep, every machine's own program looks", async () => {
  const paths: FakeProgram = () => ({ stdout: "./src/a.ts\n./b.ts\n" });
  expect((await look({ find: paths }, "a.ts")).paths).toEqual(["src/a.ts"]);
});

test("what could not be looked into takes nothing of the rest away", async () => {
  const rg: FakeProgram = () => ({ stdout: "a\n", stderr: "denied\n", code: 2 });
  expect((await look({ rg }, "a")).paths).toEqual(["a"]);
});

test("a path that is longer than any that can be asked for takes nothing of the rest away", async () => {
  const rg: FakeProgram = () => ({ stdout: `${"d/".repeat(2_100)}a\nb/a\n` });
  expect((await look({ rg }, "a")).paths).toEqual(["b/a"]);
});

test("a look that is given up leaves no failure that nobody waits for", async () => {
  const gone = new Error("gone");
  const cut = async function* (): AsyncGenerator<Uint8Array> {
    throw gone;
  };
  const run = async () => ({ stdout: cut(), stderr: cut(), exit: Promise.resolve({ code: 0 }) });
  const given = () => find({ run } as never, "/home/workspace", { query: "a" }, { policy: createPolicy([]) });
  expect(await unheardOf(() => expect(given()).rejects.toBe(gone))).toEqual([]);
});
