import { expect, test } from "vitest";
import { createHarness } from "../testing/harness.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("files are those below the directory where commands start, behind the workspace's rules and those of a token", async () => {
  await using harness = createHarness();
  const { workspaces } = harness;
  await workspaces.create({ name: "demo" });
  workspaces.policies.change("demo", { set: { writablePaths: ["src", "docs"] } });
  const layers = [{ of: "token" as const, name: "nightly", rules: { writablePaths: ["src", "lib"] } }];
  const files = await workspaces.files("demo", { layers });
  expect(await files.write("src/a", bytes("x"))).toMatchObject({ path: "src/a", created: true });
  await expect(files.write("docs/a", bytes("x"))).rejects.toMatchObject({ data: { setBy: "token nightly" } });
  await expect(files.write("lib/a", bytes("x"))).rejects.toMatchObject({ data: { setBy: "workspace demo" } });
  const box = await workspaces.box("demo");
  expect(await box.files.stat(`${workspaces.directory("demo")}/src/a`)).toMatchObject({ type: "file", size: 1 });
  expect(await files.stat("src/a")).toMatchObject({ readable: true, writable: true });
  expect(await files.stat("src")).toMatchObject({ readable: true, writable: true });
});

test("a workspace that is stopped has no files to work with, and says how it gets them", async () => {
  await using harness = createHarness();
  const { workspaces } = harness;
  await workspaces.create({ name: "demo" });
  await workspaces.stop("demo");
  await expect(workspaces.files("demo")).rejects.toMatchObject({
    code: "workspace_not_running",
    next: "Start it: ws start demo.",
  });
});

test("a list is cut where it would be too long, directories first, and says what cannot be read", async () => {
  await using harness = createHarness();
  const { workspaces } = harness;
  await workspaces.create({ name: "demo" });
  const files = await workspaces.files("demo");
  for (const path of ["d/z/x", "d/b", "d/.env", "d/c"]) await files.write(path, bytes("x")).catch(() => undefined);
  const box = await workspaces.box("demo");
  await box.files.write(`${workspaces.directory("demo")}/d/.env`, bytes("K=1"));
  const shown = await files.list("d", { limit: 3 });
  expect([shown.truncated, shown.entries.map(({ name, protected: closed }) => [name, closed])]).toEqual([
    true,
    [
      ["z", undefined],
      [".env", true],
      ["b", undefined],
    ],
  ]);
});

test("what is to be edited is read only by whoever may write it", async () => {
  await using harness = createHarness();
  const { workspaces } = harness;
  await workspaces.create({ name: "demo" });
  const files = await workspaces.files("demo");
  await files.write("a", bytes("told nowhere"));
  workspaces.policies.change("demo", { set: { readOnly: true } });
  const held = await workspaces.files("demo");
  await expect(held.edit("a", { oldString: "nowhere at all", newString: "x" })).rejects.toMatchObject({
    code: "read_only",
  });
});

test("a patch of what must not be changed is refused before any of it is tried, also where it is only to be tried", async () => {
  await using harness = createHarness();
  const { workspaces } = harness;
  await workspaces.create({ name: "demo" });
  const files = await workspaces.files("demo");
  await files.write("a", bytes("1\n"));
  const patch = [
    "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-1\n+2\n",
    "diff --git a/.git/hooks/x b/.git/hooks/x\nnew file mode 100755\n--- /dev/null\n+++ b/.git/hooks/x\n@@ -0,0 +1 @@\n+x\n",
  ].join("");
  for (const dryRun of [true, false]) {
    await expect(files.patch(patch, { dryRun })).rejects.toMatchObject({ code: "path_not_allowed" });
  }
  expect(await files.read("a")).toMatchObject({ content: "1\n" });
  expect(await files.patch("--- a/a\n+++ b/a\n@@ -1 +1 @@\n-1\n+2\n", { dryRun: true })).toHaveLength(1);
});
