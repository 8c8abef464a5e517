import { expect, test } from "vitest";
import { text } from "./testing/box-suite/probing.ts";
import { createHarness, type Harness } from "./testing/harness.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function textAt(h: Harness, path: string): Promise<string> {
  const box = await h.workspaces.box("demo");
  return text(box.files.read(path));
}

test("the worker's files are there before the clone, with their modes, and again as they are now after a start", async () => {
  await using h = createHarness();
  h.files.push(
    { target: "~/.ssh/id_ed25519", content: bytes("key"), mode: 0o600 },
    { target: ".gitconfig", content: bytes("[user]"), mode: 0o644 },
    { target: "/srv/tool/config", content: bytes("x"), mode: 0o640 },
  );
  let atClone: string | undefined;
  const { clone } = h.git;
  h.git.clone = async (box, ...rest) => {
    atClone = await text(box.files.read("/home/workspace/.ssh/id_ed25519"));
    return clone(box, ...rest);
  };
  await h.workspaces.create({ name: "demo", clone: "https://forge.test/a/b" });
  expect(atClone).toBe("key");
  const box = await h.workspaces.box("demo");
  expect((await box.files.stat("/home/workspace/.ssh/id_ed25519")).mode).toBe(0o600);
  expect((await box.files.stat("/srv/tool/config")).mode).toBe(0o640);
  expect(await textAt(h, "/home/workspace/.gitconfig")).toBe("[user]");
  await h.workspaces.stop("demo");
  h.files[0] = { target: "~/.ssh/id_ed25519", content: bytes("other"), mode: 0o600 };
  await h.workspaces.start("demo");
  expect(await textAt(h, "/home/workspace/.ssh/id_ed25519")).toBe("other");
});

test("they are there before git is led to the worker, which may write into one of them", async () => {
  await using h = createHarness();
  h.files.push({ target: "~/.gitconfig", content: bytes("[user]"), mode: 0o644 });
  const seen: string[] = [];
  const { attach } = h.git;
  h.git.attach = async (box, ...rest) => {
    seen.push(await text(box.files.read("/home/workspace/.gitconfig")));
    await attach(box, ...rest);
    await box.files.write("/home/workspace/.gitconfig", bytes("[user] and include"));
  };
  await h.workspaces.create({ name: "demo", clone: "https://forge.test/a/b" });
  await h.workspaces.restart("demo");
  expect(seen).toEqual(["[user]", "[user]"]);
  expect(await textAt(h, "/home/workspace/.gitconfig")).toBe("[user] and include");
});

test("a file that is missing, or whose destination is none, is a line in the log and fails nothing", async () => {
  await using h = createHarness();
  h.files.push(
    { target: "~/gone", mode: 0o600, problem: "The worker has no /gone." },
    { target: "~/../../etc/passwd", content: bytes("x"), mode: 0o600 },
    { target: "~/a\0b", content: bytes("x"), mode: 0o600 },
    { target: "~/", content: bytes("x"), mode: 0o600 },
    { target: "~/kept", content: bytes("kept"), mode: 0o600 },
  );
  const record = await h.workspaces.create({ name: "demo" });
  expect(record.phase).toBe("ready");
  expect(await textAt(h, "/home/workspace/kept")).toBe("kept");
  const said = h.store
    .readLog(record.id)
    .map(({ line }) => line)
    .filter((line) => line.startsWith("The file"));
  expect(said).toEqual([
    "The file ~/gone was not copied: The worker has no /gone.",
    "The file ~/../../etc/passwd was not copied: Its destination is no path of a file.",
    "The file ~/a\uFFFDb was not copied: Its destination is no path of a file.",
    "The file ~/ was not copied: Its destination is no path of a file.",
  ]);
});
