import type { AgentClient } from "@ws/rpc-contract/client";
import { expect, test } from "vitest";
import { readNew } from "./read-new.ts";

/** A worker that has one entry of a kind, and would read what lies behind a link. */
function worker(type: string, more: { target?: string; binary?: boolean } = {}) {
  const asked: string[] = [];
  const files = {
    async stat() {
      asked.push("stat");
      return { type, ...more };
    },
    async read() {
      asked.push("read");
      return more.binary === true ? { binary: true } : { binary: false, content: "one\ntwo\n", truncated: false };
    },
  } as unknown as AgentClient["files"];
  const read = (path: string) => readNew({ files }, { name: "demo", path }, new AbortController().signal);
  return { asked, read };
}

test("a new file is read, and one that is no text is only told", async () => {
  expect(await worker("file").read("a.txt")).toMatchObject({ additions: 2, binary: false });
  expect(await worker("file", { binary: true }).read("a.bin")).toMatchObject({ binary: true, hunks: [] });
});

test("of a new link git takes what it says, and nothing behind it is read", async () => {
  const { asked, read } = worker("symlink", { target: "/etc/passwd" });
  const { newMode, hunks } = await read("link");
  expect([newMode, hunks[0]?.lines.map(({ text }) => text), asked]).toEqual(["120000", ["/etc/passwd"], ["stat"]]);
});

test("a repository within this one is nothing to wait for: of it git takes one commit", async () => {
  const { asked, read } = worker("directory");
  expect(await read("inner/")).toMatchObject({ newMode: "160000", hunks: [] });
  expect(asked).toEqual([]);
});
