import { expect, test } from "vitest";
import { WsError } from "../errors.ts";
import type { WorkspaceEvent } from "../events.ts";
import { text } from "../testing/box-suite/probing.ts";
import { createHarness, type Harness } from "../testing/harness.ts";

const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);
const file = (target: string, content: string, mode = 0o600) => ({ target, content: bytes(content), mode });

async function running(h: Harness, ...names: string[]): Promise<void> {
  for (const name of names) await h.workspaces.create({ name });
}

async function at(h: Harness, path: string, name = "demo"): Promise<string | undefined> {
  const { files } = await h.workspaces.box(name);
  return text(files.read(path.replace("~", "/home/workspace"))).catch(() => undefined);
}

async function put(h: Harness, path: string, content: string): Promise<void> {
  const { files } = await h.workspaces.box("demo");
  await files.write(path.replace("~", "/home/workspace"), bytes(content));
}

function said(h: Harness, name = "demo"): string[] {
  return h.store
    .readLog(h.workspaces.get(name).id)
    .map(({ line }) => line)
    .filter((line) => line.startsWith("The file"));
}

/** Those that a change of the setup causes. */
async function told(h: Harness, change: () => void): Promise<WorkspaceEvent[]> {
  const over = new AbortController();
  const events: WorkspaceEvent[] = [];
  const reading = (async () => {
    for await (const event of h.workspaces.events(over.signal)) {
      if (event.type === "credentials") events.push(event);
      if (event.type === "changed") return;
    }
  })();
  change();
  await h.workspaces.regive();
  h.workspaces.touch("demo");
  await reading;
  over.abort();
  return events;
}

test("what is given, changed and taken back reaches workspaces that run, with its mode", async () => {
  await using h = createHarness();
  await running(h, "demo", "other");
  h.files.push(file("~/.ssh/id", "key"));
  await h.workspaces.regive();
  expect([await at(h, "~/.ssh/id"), await at(h, "~/.ssh/id", "other")]).toEqual(["key", "key"]);
  h.files[0] = file("~/.ssh/id", "key", 0o640);
  await h.workspaces.regive();
  const box = await h.workspaces.box("demo");
  expect((await box.files.stat("/home/workspace/.ssh/id")).mode).toBe(0o640);
  h.files[0] = file("~/.ssh/id", "another");
  await h.workspaces.regive();
  expect(await at(h, "~/.ssh/id")).toBe("another");
  h.files.length = 0;
  await h.workspaces.regive();
  expect([await at(h, "~/.ssh/id"), await at(h, "~/.ssh/id", "other")]).toEqual([undefined, undefined]);
  expect(h.workspaces.get("demo").given).toEqual({});
});

test("what was changed inside stays as it is, when the worker's changes and when that is taken back", async () => {
  await using h = createHarness();
  h.files.push(file("~/.npmrc", "one"), file("~/.netrc", "one"));
  await running(h, "demo");
  for (const path of ["~/.npmrc", "~/.netrc"]) await put(h, path, "mine");
  h.files.splice(0, 2, file("~/.npmrc", "two"));
  await h.workspaces.regive();
  expect([await at(h, "~/.npmrc"), await at(h, "~/.netrc")]).toEqual(["mine", "mine"]);
  expect(said(h)).toEqual([
    "The file ~/.netrc was not removed: It was changed in the workspace, and stays there as it is.",
    "The file ~/.npmrc was not copied: It was changed in the workspace; its next start replaces it.",
  ]);
  await h.workspaces.regive();
  expect(said(h)).toHaveLength(2);
  await h.workspaces.restart("demo");
  expect(await at(h, "~/.npmrc")).toBe("two");
});

test("what was appended inside, as git does, stays behind what is given anew, and alone once that is taken back", async () => {
  await using h = createHarness();
  h.files.push(file("~/.gitconfig", "[user]\n"));
  await running(h, "demo");
  await put(h, "~/.gitconfig", "[user]\n[include]\n");
  h.files[0] = file("~/.gitconfig", "[core]\n");
  await h.workspaces.regive();
  expect(await at(h, "~/.gitconfig")).toBe("[core]\n[include]\n");
  h.files.length = 0;
  await h.workspaces.regive();
  expect(await at(h, "~/.gitconfig")).toBe("[include]\n");
});

test("a stopped workspace is left alone, and loses at its next start what was taken back meanwhile", async () => {
  await using h = createHarness();
  h.files.push(file("~/.ssh/id", "key"));
  await running(h, "demo");
  await h.workspaces.stop("demo");
  h.files.length = 0;
  await h.workspaces.regive();
  expect(h.workspaces.get("demo").power).toBe("stopped");
  await h.workspaces.start("demo");
  expect(await at(h, "~/.ssh/id")).toBeUndefined();
});

test("nothing is taken back because the worker cannot read its source, nor what lies in a directory that it cannot read", async () => {
  await using h = createHarness();
  h.files.push(file("~/.ssh/id", "key"), file("~/.aws/config", "aws"));
  await running(h, "demo");
  h.files.splice(0, 2, { target: "~/.ssh/id", mode: 0, problem: "Gone." }, { target: "~/.aws/", mode: 0 });
  await h.workspaces.regive();
  expect([await at(h, "~/.ssh/id"), await at(h, "~/.aws/config")]).toEqual(["key", "aws"]);
});

test("another spelling of the same destination takes nothing away", async () => {
  await using h = createHarness();
  h.files.push(file("~/.npmrc", "one"));
  await running(h, "demo");
  h.files[0] = file(".npmrc", "one");
  await h.workspaces.regive();
  expect(await at(h, "~/.npmrc")).toBe("one");
});

test("a link that was put in place of a file, or on the way to it, is followed neither to write nor to remove (docker cp through a link)", async () => {
  await using h = createHarness();
  h.files.push(file("~/.ssh/id", "key"), file("~/.npmrc", "one"));
  await running(h, "demo");
  const { files } = await h.workspaces.box("demo");
  const { stat } = files;
  const links = new Set(["/home/workspace/.npmrc", "/home/workspace/.ssh"]);
  files.stat = async (path) =>
    links.has(path) ? { type: "symlink", size: 3, mode: 0o777, modifiedAt: 0 } : stat(path);
  h.files.splice(0, 2, file("~/.ssh/id", "other"));
  await h.workspaces.regive();
  expect([await at(h, "~/.ssh/id"), await at(h, "~/.npmrc")]).toEqual(["key", "one"]);
  expect(said(h)).toEqual([
    "The file ~/.npmrc was not removed: It was changed in the workspace, and stays there as it is.",
    "The file ~/.ssh/id was not copied: /home/workspace/.ssh is a link in this workspace.",
  ]);
});

test("a login that is given once is the workspace's own from then on, until it is taken back untouched", async () => {
  await using h = createHarness();
  const login = (content: string) => ({ ...file("~/.codex/auth.json", content), once: true });
  h.files.push(login("first"));
  await running(h, "demo");
  await put(h, "~/.codex/auth.json", "refreshed");
  h.files[0] = login("second");
  await h.workspaces.regive();
  await h.workspaces.restart("demo");
  expect(await at(h, "~/.codex/auth.json")).toBe("refreshed");
});

test("two changes at once end with the later one", async () => {
  await using h = createHarness();
  await running(h, "demo");
  const changes = ["one", "two", "three"].map((content) => {
    h.files.splice(0, 1, file("~/.npmrc", content));
    return h.workspaces.regive();
  });
  await Promise.all(changes);
  expect(await at(h, "~/.npmrc")).toBe("three");
});

test("those who watch a workspace are told when its variables or files have changed, and only then", async () => {
  await using h = createHarness();
  await running(h, "demo");
  const { id } = h.workspaces.get("demo");
  const event = { type: "credentials", id, name: "demo" };
  expect(await told(h, () => undefined)).toEqual([]);
  expect(await told(h, () => (h.variables["TOKEN"] = "1"))).toEqual([event]);
  expect(await told(h, () => undefined)).toEqual([]);
  expect(await told(h, () => h.files.push(file("~/.npmrc", "one")))).toEqual([event]);
});

test("a workspace of before there was a record is taken to have what the worker has, and is given what changes after", async () => {
  await using h = createHarness();
  h.files.push(file("~/.npmrc", "one"));
  await running(h, "demo");
  const { given: _given, ...before } = h.workspaces.get("demo");
  h.store.update(before);
  await put(h, "~/.npmrc", "mine");
  await h.workspaces.regive();
  expect(await at(h, "~/.npmrc")).toBe("mine");
  h.files.push(file("~/.netrc", "one"));
  await h.workspaces.regive();
  expect([await at(h, "~/.npmrc"), await at(h, "~/.netrc")]).toEqual(["mine", "one"]);
});

test("one that just comes up gets what changed meanwhile once it is up", async () => {
  await using h = createHarness();
  const running = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  h.programs["/home/workspace/.ws/scripts/slow.sh"] = async () => {
    running.resolve();
    await over.promise;
    return {};
  };
  h.scripts.push({ name: "slow.sh", content: bytes("#!/bin/sh\n") });
  const created = h.workspaces.create({ name: "demo" });
  await running.promise;
  h.files.push(file("~/.npmrc", "one"));
  await h.workspaces.regive();
  expect(h.workspaces.get("demo").given).toEqual({});
  const events = h.workspaces.events(AbortSignal.timeout(2_000));
  over.resolve();
  await created;
  for await (const event of events) if (event.type === "credentials") break;
  expect(await at(h, "~/.npmrc")).toBe("one");
});

test("a full home is a line in the log, and what could not be written is tried again", async () => {
  await using h = createHarness();
  await running(h, "demo");
  const { files } = await h.workspaces.box("demo");
  const { write } = files;
  files.write = async () => Promise.reject(new Error("ENOSPC: no space left on device"));
  h.files.push(file("~/.npmrc", "one"));
  await h.workspaces.regive();
  expect(said(h)).toHaveLength(1);
  expect(h.workspaces.get("demo").given).toEqual({});
  files.write = write;
  await h.workspaces.regive();
  expect(await at(h, "~/.npmrc")).toBe("one");
});

test("what could not be taken back, because its workspace went away meanwhile, is taken back at its next start", async () => {
  await using h = createHarness();
  h.files.push(file("~/.ssh/id", "key"));
  await running(h, "demo");
  const { files } = await h.workspaces.box("demo");
  const { remove } = files;
  files.remove = async () =>
    Promise.reject(new WsError("box_closed", { message: "It went away.", data: { workspace: "demo" } }));
  h.files.length = 0;
  await h.workspaces.regive();
  expect(await at(h, "~/.ssh/id")).toBe("key");
  files.remove = remove;
  await h.workspaces.restart("demo");
  expect(await at(h, "~/.ssh/id")).toBeUndefined();
});
