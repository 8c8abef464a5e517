import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createProviderRegistry, isWsError, type Log } from "@ws/workspace-core";
import { createMemoryProjects, providerSuite } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { createHgProvider } from "./hg-provider.ts";
import create from "./index.ts";

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

async function hg(cwd: string, ...argv: string[]): Promise<string> {
  const env = { PATH: process.env["PATH"] ?? "", HGRCPATH: "", HGUSER: "Ada <ada@example.test>" };
  return (await promisify(execFile)("hg", argv, { cwd, env })).stdout.trim();
}

/** An empty repository. */
async function makePlace() {
  const path = await realpath(await mkdtemp(join(tmpdir(), "ws-hg-")));
  const root = join(path, "repositories");
  await mkdir(root);
  await hg(root, "init", "tool");
  const projects = createMemoryProjects();
  return {
    path,
    root,
    projects,
    provider: createHgProvider({ projects, roots: [root] }),
    context: { mayUseHost: false, mayCreate: true },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  };
}

/** A repository with a commit under a bookmark, and the one that it came from. */
async function makeCloned() {
  const place = await makePlace();
  const { path, root } = place;
  const tool = join(root, "tool");
  await hg(path, "init", "upstream");
  await writeFile(join(tool, ".hg", "hgrc"), `[paths]\ndefault = ${join(path, "upstream")}\n`);
  await writeFile(join(tool, "file.txt"), "content");
  await hg(tool, "commit", "--quiet", "--addremove", "--message", "Begin");
  await hg(tool, "bookmark", "fix");
  return place;
}

providerSuite("#hg", async () => {
  const place = await makePlace();
  const project = place.projects.add({ name: "tool", workflowType: "hg", workspaceDir: join(place.root, "tool") });
  return { ...place, ref: "tool", missing: "nothing", project };
});

test("it serves beside others without their knowing of it", async () => {
  await using place = await makePlace();
  const { projects } = place;
  process.env["WS_HG_ROOTS"] = place.root;
  const registry = createProviderRegistry({
    providers: [await create({ projects, log: silent, home: place.path })],
    projects,
    log: silent,
  });
  const resolved = await registry.resolveRef("#hg:tool", place.context);
  expect(resolved).toMatchObject({ projectName: "tool", primaryWorkspaceDir: join(place.root, "tool") });
  expect(await registry.getWorkspaceDirectory(resolved, 2)).toBe(`${join(place.root, "tool")}_2`);
  expect(await registry.getWorkspaceName(join(place.root, "tool", "src"))).toBe("tool");
  const environment = await registry.setupWorkflow(
    resolved,
    { number: 2, directory: "/x" },
    { WS_HG_WORKSPACE_NUM: "9" },
  );
  expect(environment).toEqual({ WS_HG_PRE_ALLOCATED: "1", WS_HG_WORKSPACE_NUM: "2", WS_HG_WORKSPACE_DIR: "/x" });
});

test("a change is pushed to where its repository came from, once, however often it is submitted", async () => {
  await using place = await makeCloned();
  const { projects, provider } = place;
  await provider.resolveRef("tool", "hg", place.context);
  const change = projects.changes.put({ name: "fix", project: "tool" });
  const of = { change, project: projects.get("tool") };
  const submitted = await provider.submit(of);
  expect(submitted).toMatchObject({ done: "pushed", target: "default" });
  expect(await hg(join(place.path, "upstream"), "log", "--template", "{desc}\n")).toBe("Begin");
  expect(await provider.submit(of)).toEqual(submitted);
});

test.each(['"); all() or bookmark("fix', "--help"])(
  "what is no bookmark, such as %j, is not pushed",
  async (branch) => {
    await using place = await makeCloned();
    const { projects, provider } = place;
    await provider.resolveRef("tool", "hg", place.context);
    const change = projects.changes.put({ name: "fix", project: "tool", branch });
    const error = await Promise.resolve(provider.submit({ change, project: projects.get("tool") })).catch(
      (thrown: unknown) => thrown,
    );
    expect(isWsError(error, "submit_failed")).toBe(true);
    expect(await hg(join(place.path, "upstream"), "log", "--template", "{desc}\n")).toBe("");
  },
);

test.each(["../upstream", "/etc", "."])("%s, outside its directories, is not there", async (ref) => {
  await using place = await makePlace();
  const asked = (async () => place.provider.resolveRef(ref, "hg", place.context))();
  await expect(asked).rejects.toMatchObject({ code: "reference_not_found" });
  expect(place.projects.list()).toEqual([]);
});
