import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CredentialSource, GitSecret, Grant, WorkspaceId } from "@ws/workspace-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type GitServer, startGitServer } from "../testing/git-server.ts";
import { commitOn, expectWhole, openCache, share } from "../testing/object-cache.ts";

let server: GitServer;
beforeAll(async () => {
  server = await startGitServer();
});
afterAll(() => server[Symbol.asyncDispose]());

test("another user can read what is borrowed, and nobody can write it", async () => {
  const before = process.umask(0o077);
  onTestFinished(() => void process.umask(before));
  const served = await server.create("o/modes");
  await using opened = await openCache(server);
  const { cache } = opened;
  const shown = await share(cache, served.url);
  const paths = (await readdir(shown, { recursive: true, withFileTypes: true })).map((entry) => ({
    path: join(entry.parentPath, entry.name),
    mode: entry.isDirectory() ? 0o755 : 0o444,
  }));
  expect(paths.length).toBeGreaterThan(5);
  for (const { path, mode } of paths) expect([path, (await stat(path)).mode & 0o777]).toEqual([path, mode]);
});

test("a workspace without the right to a private repository borrows nothing of what another one fetched", async () => {
  const password = randomBytes(20).toString("hex");
  const served = await server.create("o/private", { auth: { user: "x-access-token", password } });
  await using opened = await openCache(server, granting("ws-allowed", password));
  const { cache, directory } = opened;
  const allowed = await share(cache, served.url, "ws-allowed");
  await expectWhole(allowed);
  const refused = await share(cache, served.url, "ws-refused");
  expect(await readdir(refused, { recursive: true })).toEqual(["objects", "objects/info", "objects/pack"]);
  const files = await readdir(directory, { recursive: true, withFileTypes: true });
  const contents = await Promise.all(
    files.filter((entry) => entry.isFile()).map(({ parentPath, name }) => readFile(join(parentPath, name))),
  );
  expect(contents.some((content) => content.includes(password))).toBe(false);
});

test("while a private repository is fetched, its token is in no process's arguments or environment", async () => {
  const password = randomBytes(20).toString("hex");
  const served = await server.create("o/watched", { auth: { user: "x-access-token", password } });
  await using opened = await openCache(server, granting("ws-watched", password));
  const { cache } = opened;
  const sampling = new AbortController();
  const seen = new Set<string>();
  const sampler = (async () => {
    while (!sampling.signal.aborted) {
      for (const text of await processes())
        for (const hit of text.match(/git (?:ls-remote|fetch)/g) ?? []) seen.add(hit);
      if ((await processes()).some((text) => text.includes(password))) seen.add("the token");
    }
  })();
  for (let round = 0; round < 4; round += 1) {
    await commitOn(served, `round-${round}`);
    await share(cache, served.url, "ws-watched");
  }
  sampling.abort();
  await sampler;
  // That git was caught at work says that the sampler looked.
  expect([...seen].sort()).toEqual(["git fetch", "git ls-remote"]);
});

test("what the worker's user has set for git neither leads it elsewhere nor runs anything (rows 34, 36)", async () => {
  const served = await server.create("o/user");
  const home = await mkdtemp(join(tmpdir(), "ws-home-"));
  onTestFinished(() => rm(home, { recursive: true }));
  const canary = join(home, "canary");
  await writeFile(
    join(home, ".gitconfig"),
    [
      `[url "https://127.0.0.1:1/"]\n\tinsteadOf = ${server.origin}/`,
      `[core]\n\thooksPath = ${home}\n\tfsmonitor = touch ${canary}\n\tsshCommand = touch ${canary}\n\talternateRefsCommand = touch ${canary}`,
      `[credential]\n\thelper = "!touch ${canary}"`,
      `[http]\n\tproxy = http://127.0.0.1:1`,
      `[protocol]\n\tallow = always`,
    ].join("\n"),
  );
  await writeFile(join(home, "reference-transaction"), `#!/bin/sh\ntouch ${canary}\n`, { mode: 0o755 });
  const planted = {
    HOME: home,
    GIT_CONFIG_GLOBAL: join(home, ".gitconfig"),
    GIT_TRACE: canary,
    HTTPS_PROXY: "http://127.0.0.1:1",
  };
  const before = Object.fromEntries(Object.keys(planted).map((name) => [name, process.env[name]]));
  Object.assign(process.env, planted);
  onTestFinished(() => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
  await using opened = await openCache(server);
  const { cache } = opened;
  const shown = await share(cache, served.url);
  Object.assign(process.env, { GIT_CONFIG_GLOBAL: "/dev/null", GIT_TRACE: "" });
  await expectWhole(shown);
  await expect(stat(canary)).rejects.toThrow("ENOENT");
});

test("CVE-2024-32002: a repository with submodules has only its own objects fetched, and nothing of them is run", async () => {
  const served = await server.create("o/nested", {
    files: { ".gitmodules": `[submodule "a"]\n\tpath = a\n\turl = ${server.origin}/o/absent.git\n` },
  });
  const before = asked("/o/absent.git").length;
  await using opened = await openCache(server);
  const { cache } = opened;
  await expectWhole(await share(cache, served.url));
  expect(asked("/o/absent.git").length).toBe(before);
});

test("CVE-2018-11235: a repository that git's own check refuses is not kept", async () => {
  const served = await server.create("o/hostile");
  const modules = '[submodule "x"]\n\tpath = x\n\turl = -u./payload\n';
  const blob = (await served.gitWith(modules, "hash-object", "-w", "--stdin")).trim();
  const tree = (await served.gitWith(`100644 blob ${blob}\t.gitmodules\n`, "mktree")).trim();
  const commit = (await served.git("commit-tree", "-m", "Bad", tree)).trim();
  await served.git("update-ref", "refs/heads/bad", commit);
  await using opened = await openCache(server);
  const { cache } = opened;
  expect(await readdir(await share(cache, served.url))).not.toContain("packed-refs");
});

function asked(prefix: string): { method: string; url: string }[] {
  return server.requests.filter(({ url }) => url.startsWith(prefix));
}

/** Arguments and environment of every process that can be read. */
async function processes(): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const files = pids.flatMap((pid) => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`]);
  const texts = await Promise.all(files.map((file) => readFile(file, "latin1").catch(() => "")));
  return texts.map((text) => text.replaceAll("\0", " "));
}

/** A right of one workspace to everything. */
function granting(workspace: WorkspaceId, password: string): Pick<CredentialSource, "find" | "secret"> {
  const credential = { id: "cred-1", type: "pat", provider: "test", host: "127.0.0.1" } as const;
  return {
    find: (asking, url) => (asking === workspace ? ({ url, workspace, credential } as Grant) : undefined),
    secret: async () => ({ ...credential, username: "x-access-token", password }) satisfies GitSecret,
  };
}
