import { once } from "node:events";
import { readFile, rename, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Box, BoxFeature, BoxProcess, Log, Profile, Repository } from "@ws/workspace-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { GitOptions } from "../git.ts";
import { createGit } from "../index.ts";
import { runToEnd } from "../run-git.ts";
import { type GitServer, startGitServer } from "../testing/git-server.ts";
import { openStandInBox } from "../testing/stand-in-box.ts";

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const password = crypto.randomUUID();
let server: GitServer;
beforeAll(async () => {
  server = await startGitServer({ hosts: ["forge.test", "other.test"] });
  await server.create("o/r", { files: { "a.txt": "a\n" } });
  await server.create("o/private", { auth: { user: "me", password } });
  await server.create("o/read-only", { push: false });
  await server.create("a b/r");
});
afterAll(() => server[Symbol.asyncDispose]());

test("a workspace that does not know the forge's authority clones, commits and pushes through the worker", async () => {
  await using box = await attached();
  const cloned = await git.clone(box, own("o/r"), { group: "clone", report: () => undefined });
  expect(cloned).toMatchObject({ branch: "main" });
  expect(await inside(box, "config", "--local", "remote.origin.url")).toBe(`${server.origin}/o/r.git`);
  await inside(box, "checkout", "-q", "-b", "work");
  await writeFile(`${box.home}/r/b.txt`, "b\n");
  await inside(box, "add", "b.txt");
  await inside(box, "-c", "user.name=T", "-c", "user.email=t@example.test", "commit", "-qm", "Add b");
  await inside(box, "push", "-q", "-u", "origin", "work");
  const repository = server.requests.filter(({ url }) => url.includes("git-receive-pack"));
  expect(repository.map(({ status }) => status)).toEqual([200, 200]);
  expect(await inside(box, "ls-remote", "origin", "work")).toContain(await inside(box, "rev-parse", "HEAD"));
});

test("the include is the workspace's own, stands once in its configuration, and changes with each connection", async () => {
  await using box = await attached();
  const file = `${box.home}/.config/git/ws-forward`;
  const first = await readFile(file, "utf8");
  expect((await box.files.stat(file)).mode).toBe(0o600);
  await git.attach(box, workspaceOf("o/r"));
  expect(await readFile(file, "utf8")).not.toBe(first);
  expect((await readFile(`${box.home}/.gitconfig`, "utf8")).match(/ws-forward/g)).toHaveLength(1);
  expect((await lsRemote(box, `${server.origin}/o/r.git`)).code).toBe(0);
});

test("in whose name git commits is said below what the workspace itself says, and anew when that changes", async () => {
  await using box = await attached();
  await git.clone(box, own("o/r"), { group: "clone", report: () => undefined });
  const author = async (): Promise<string> => {
    await inside(box, "commit", "-q", "--allow-empty", "-m", "X");
    return inside(box, "log", "-1", "--format=%an <%ae>");
  };
  const tricky = 'Ada "L" \\ #1; $HOME';
  expect(await git.identify(box, { name: tricky, email: "ada@example.test" })).toBe(true);
  expect(await author()).toBe(`${tricky} <ada@example.test>`);
  await git.identify(box, { name: "Grace\nemail = x", email: "grace@example.test" });
  expect(await author()).toBe("Grace email = x <grace@example.test>");
  await inside(box, "config", "--global", "user.name", "Of the user");
  await inside(box, "config", "user.email", "own@example.test");
  expect(await author()).toBe("Of the user <own@example.test>");
  await inside(box, "config", "--global", "--unset", "user.name");
  // Nothing of it outlives its setting, also over a new connection.
  await git.attach(box, workspaceOf("o/r"));
  await git.identify(box, {});
  expect((await runToEnd(box, ["git", "config", "user.name"], { cwd: `${box.home}/r` })).stdout).toBe("");
});

test("where git is not led nobody can be named in its configuration", async () => {
  await using box = await openStandInBox();
  expect(await git.identify(box, { name: "Ada" })).toBe(false);
});

test("a workspace whose git configuration is a pipe holds the attaching up only until it is given up, and then git goes directly", async () => {
  await using box = await attached();
  const configuration = `${box.home}/.gitconfig`;
  await rename(configuration, `${configuration}.kept`);
  await runToEnd(box, ["mkfifo", configuration]);
  const started = Promise.withResolvers<BoxProcess>();
  const watched: Box = Object.assign(Object.create(box) as Box, {
    run: async (...args: Parameters<Box["run"]>) => {
      const process = await box.run(...args);
      started.resolve(process);
      return process;
    },
  });
  const leaving = new AbortController();
  const made = gitWith();
  const attaching = made.attach(watched, workspaceOf("o/r"), leaving.signal);
  attaching.catch(() => undefined);
  const { exit } = await started.promise;
  leaving.abort();
  await expect(attaching).rejects.toMatchObject({ code: "aborted" });
  await expect(exit).rejects.toThrow();
  await rename(`${configuration}.kept`, configuration);
  expect(await rewritten(box)).toBe("");
  await made.attach(box, workspaceOf("o/r"));
  expect(await rewritten(box)).toContain("https://");
  expect((await lsRemote(box, `${server.origin}/o/r.git`)).code).toBe(0);
});

test.each(["listen", "write"] as const)(
  "an attaching that is given up at '%s' leaves nothing of itself nor of an earlier one",
  async (at) => {
    await using box = await attached();
    expect(await rewritten(box)).toContain("https://");
    const leaving = new AbortController();
    const watched: Box = Object.assign(Object.create(box) as Box, {
      listen: (...args: Parameters<Box["listen"]>) => {
        if (at !== "listen") return box.listen(...args);
        leaving.abort();
        return new Promise(() => undefined);
      },
      files: {
        ...box.files,
        write: async (...args: Parameters<Box["files"]["write"]>) => {
          await box.files.write(...args);
          leaving.abort();
        },
      },
    });
    await expect(gitWith().attach(watched, workspaceOf("o/r"), leaving.signal)).rejects.toMatchObject({
      code: "aborted",
    });
    expect(await rewritten(box)).toBe("");
  },
);

test("where the Box cannot listen nothing is written and what an earlier connection left is removed", async () => {
  await using box = await attached();
  const withoutListen: Box = Object.assign(Object.create(box) as Box, { missing: ["listen"] satisfies BoxFeature[] });
  await git.attach(withoutListen, workspaceOf("o/r"));
  await expect(readFile(`${box.home}/.config/git/ws-forward`)).rejects.toThrow("ENOENT");
});

test("a refused host is told to git's user in words, with the reason", async () => {
  await using box = await attached();
  const other = await lsRemote(box, `https://localhost:${server.port}/o/r.git`);
  expect(other.stderr).toMatch(/remote: Workspace does not lead there: localhost is at the private address/);
  const missing = await lsRemote(box, "https://git.invalid/o/r.git");
  expect(missing.stderr).toMatch(/remote: Workspace cannot reach git.invalid: the name does not resolve/);
});

test("the forward is no way out for the profile 'agent' (exfiltration, the lethal trifecta): only its own repository's server is served", async () => {
  await using box = await attached({ allowPrivateAddresses: true }, "agent");
  expect((await lsRemote(box, `${server.origin}/o/r.git`)).code).toBe(0);
  const before = server.requests.length;
  for (const host of [`other.test:${server.port}`, `localhost:${server.port}`, "forge.test"]) {
    const refused = await lsRemote(box, `https://${host}/o/r.git`);
    expect(refused.stderr).toMatch(/remote: Workspace does not lead there: .*'agent' has only its own repository/);
  }
  expect(server.requests).toHaveLength(before);
  await git.attach(box, { profile: "agent" });
  expect((await lsRemote(box, `${server.origin}/o/r.git`)).stderr).toContain("no repository of its own");
  await using person = await attached({ allowPrivateAddresses: true });
  expect((await lsRemote(person, `https://localhost:${server.port}/o/r.git`)).stderr).not.toContain("profile 'agent'");
});

test("CVE-2026-70357: a name that changes its address between check and connection reaches only the checked one", async () => {
  await using inner = await listener();
  let asked = 0;
  const lookup = async () => [{ address: asked++ === 0 ? "192.0.0.1" : "127.0.0.1", family: 4 }];
  const flipping = await attached({ lookup, allowPrivateAddresses: true, timeouts: { connectMs: 300 } });
  await using box = flipping;
  expect((await lsRemote(box, `https://forge.test:${inner.port}/o/r.git`)).code).not.toBe(0);
  expect(asked).toBe(1);
  expect(inner.hits()).toBe(0);
});

test.each(["[::ffff:127.0.0.1]", "0x7f000001", "2130706433", "127.1", "127.0.0.1", "[::1]", "rebound.test"])(
  "CVE-2026-101029: %s does not lead a workspace to the worker's own network",
  async (host) => {
    await using inner = await listener();
    await using box = await attached({ lookup: async () => [{ address: "127.0.0.1", family: 4 }] });
    expect((await lsRemote(box, `https://${host}:${inner.port}/o/r.git`)).code).not.toBe(0);
    expect(inner.hits()).toBe(0);
  },
);

test("a repository that moved within its forge is followed; one that moved elsewhere is named and not followed", async () => {
  await using inner = await listener();
  server.intercept("/old/r.git", (request, response) => {
    response.writeHead(301, { Location: (request.url ?? "").replace("/old/", "/o/") }).end();
  });
  server.intercept("/gone/r.git", (_, response) => {
    const location = `https://127.0.0.1:${inner.port}/o/r.git/info/refs?service=git-upload-pack`;
    response.writeHead(302, { Location: location }).end();
  });
  await using box = await attached();
  const moved = await lsRemote(box, `${server.origin}/old/r.git`);
  expect(moved).toMatchObject({ code: 0, stderr: expect.stringMatching(/redirecting to .*\/o\/r\.git/) });
  const gone = await lsRemote(box, `${server.origin}/gone/r.git`);
  expect(gone.stderr).toContain(`the repository moved to https://127.0.0.1:${inner.port}/o/r.git`);
  expect(inner.hits()).toBe(0);
});

test("the user's own credential helper answers for the real host, though git talks to the forward", async () => {
  await using box = await attached();
  const section = `credential.${server.origin}.helper`;
  const helper = `!f() { test "$1" = get && echo username=me && echo password=${password}; }; f`;
  await runToEnd(box, ["git", "config", "--file", `${box.home}/.gitconfig`, section, helper]);
  expect(await lsRemote(box, `${server.origin}/o/private.git`)).toMatchObject({ code: 0, stderr: "" });
});

test("a private repository without a grant is refused in words that name the next step, not with git's own complaint that it cannot ask", async () => {
  await using box = await attached();
  const url = `${server.origin}/o/private.git`;
  const before = server.requests.length;
  const refused = await lsRemote(box, url);
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain(`remote: Workspace has no grant for ${url}, which is private or does not exist.`);
  expect(refused.stderr).toMatch(/'ws credential set' .* then 'ws credential grant WORKSPACE https:/);
  expect(refused.stderr).not.toContain("could not read Username");
  expect(server.requests.slice(before).some(({ authorized }) => authorized)).toBe(false);
  const cloning = git.clone(box, own("o/private"), { group: "clone", report: () => undefined });
  await expect(cloning).rejects.toMatchObject({
    code: "authentication_failed",
    message: `Authentication failed for '${url}': it is private, or does not exist.`,
  });
  const pushed = await runToEnd(box, ["sh", "-c", `git init -q p && git -C p push ${url} x`]);
  expect(pushed.code).not.toBe(0);
});

test("a forge that calls what it hides not found is told with the grant that may be missing", async () => {
  server.intercept("/o/hidden.git", (_, response) => void response.writeHead(404).end());
  await using box = await attached();
  const { stderr } = await lsRemote(box, `${server.origin}/o/hidden.git`);
  expect(stderr).toMatch(
    /remote: Repository not found: .*\/o\/hidden\.git; if it is private, .* no grant .*'ws credential grant/,
  );
});

test("what stands in for a missing credential is never given to the user's own helpers to keep", async () => {
  await using box = await attached();
  const seen = `${box.home}/seen`;
  const helper = `!f() { cat >>${seen}; echo "verb=$1" >>${seen}; }; f`;
  await runToEnd(box, ["git", "config", "--file", `${box.home}/.gitconfig`, "credential.helper", helper]);
  await lsRemote(box, `${server.origin}/o/private.git`);
  const include = await readFile(`${box.home}/.config/git/ws-forward`, "utf8");
  const [, capability = ""] = /127\.0\.0\.1:\d+\/([0-9a-f]{48})\//.exec(include) ?? [];
  expect(capability).not.toBe("");
  const kept = await readFile(seen, "utf8");
  expect(kept).toContain(`host=${new URL(server.origin).host}`);
  expect(kept).not.toMatch(new RegExp(`password=${capability}`));
});

test("on a terminal git asks its user, in the real host's name, before the worker refuses", async () => {
  await using box = await attached();
  const url = `${server.origin}/o/private.git`;
  const asked = { name: Promise.withResolvers<void>(), word: Promise.withResolvers<void>() };
  async function* typed() {
    await asked.name.promise;
    yield new TextEncoder().encode("me\n");
    await asked.word.promise;
    yield new TextEncoder().encode(`${password}\n`);
  }
  const argv = ["script", "-qec", `git ls-remote -- ${url} && echo reached`, "/dev/null"] as const;
  const process = await box.run(argv, { stdin: typed(), env: { LC_ALL: "C" } });
  let shown = "";
  for await (const bytes of process.stdout) {
    shown += Buffer.from(bytes).toString();
    if (shown.includes(`Username for '${server.origin}`)) asked.name.resolve();
    if (shown.includes(`Password for 'https://me@${new URL(server.origin).host}`)) asked.word.resolve();
  }
  expect(shown).toContain("reached");
});

test("a user name and password in a remote's URL reach the forge as they would without the forward", async () => {
  await using box = await attached();
  const withUser = server.origin.replace("https://", `https://me:${password}@`);
  expect((await lsRemote(box, `${withUser}/o/private.git`)).code).toBe(0);
});

test("a forge's refusal of a push arrives as it was", async () => {
  await using box = await attached();
  await git.clone(box, own("o/read-only"), { group: "clone", report: () => undefined });
  const pushed = await runToEnd(box, ["git", "push", "origin", "HEAD:refs/heads/x"], { cwd: `${box.home}/read-only` });
  expect(pushed.stderr).toMatch(/returned error: 403|unable to access/);
});

test("a path with an escape reaches its repository", async () => {
  await using box = await attached();
  expect((await lsRemote(box, `${server.origin}/a%20b/r.git`)).code).toBe(0);
});

test("a certificate of an unknown authority is refused, with the reason", async () => {
  await using box = await attached({ ca: [] });
  const refused = await lsRemote(box, `${server.origin}/o/r.git`);
  expect(refused.stderr).toMatch(/Workspace cannot reach .*authority that this worker does not trust/);
});

test("a forge that never answers is given up, and the user is told", async () => {
  server.intercept("/silent/r.git", () => undefined);
  await using box = await attached({ timeouts: { idleMs: 200 } });
  expect((await lsRemote(box, `${server.origin}/silent/r.git`)).stderr).toContain("it does not answer");
});

test("a download that git gives up ends at the forge too", async () => {
  const ended = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  server.intercept("/endless/r.git", (_, response) => {
    response.writeHead(200, { "Content-Type": "application/x-git-upload-pack-advertisement" });
    response.write("001e# service=git-upload-pack\n");
    response.on("close", () => ended.resolve());
    begun.resolve();
  });
  await using box = await attached();
  const abort = new AbortController();
  const argv = ["git", "ls-remote", `${server.origin}/endless/r.git`] as const;
  const running = runToEnd(box, argv, { signal: abort.signal }).catch((error: unknown) => error);
  await begun.promise;
  abort.abort();
  await expect(ended.promise).resolves.toBeUndefined();
  await running;
});

test("when the Box closes, the connections to the forge end", async () => {
  const ended = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  server.intercept("/held/r.git", (_, response) => {
    response.on("close", () => ended.resolve());
    begun.resolve();
  });
  const box = await attached();
  const running = lsRemote(box, `${server.origin}/held/r.git`).catch((error: unknown) => error);
  await begun.promise;
  await box[Symbol.asyncDispose]();
  await expect(ended.promise).resolves.toBeUndefined();
  await running;
});

const git = {
  clone: (...args: Parameters<ReturnType<typeof createGit>["clone"]>) =>
    (gits.get(args[0]) ?? gitWith()).clone(...args),
  attach: (...args: Parameters<ReturnType<typeof createGit>["attach"]>) =>
    (gits.get(args[0]) ?? gitWith()).attach(...args),
  identify: (...args: Parameters<ReturnType<typeof createGit>["identify"]>) =>
    (gits.get(args[0]) ?? gitWith()).identify(...args),
};
const gits = new WeakMap<Box, ReturnType<typeof createGit>>();

function gitWith(options: Partial<GitOptions> = {}): ReturnType<typeof createGit> {
  return createGit({ log: silent, ca: [server.ca], ...options });
}

async function attached(options: Partial<GitOptions> = {}, profile: Profile = "person"): Promise<Box> {
  const box = await openStandInBox();
  const made = gitWith(options);
  gits.set(box, made);
  await made.attach(box, workspaceOf("o/r", profile));
  return box;
}

function workspaceOf(name: string, profile: Profile = "person"): { profile: Profile; repository: Repository } {
  return { profile, repository: own(name) };
}

function own(name: string): { url: string; name: string } {
  return { url: `${server.origin}/${name}.git`, name: name.split("/").at(-1) ?? name };
}

async function inside(box: Box, ...argv: string[]): Promise<string> {
  const outcome = await runToEnd(box, ["git", ...argv], { cwd: `${box.home}/r` });
  if (outcome.code !== 0) throw new Error(outcome.stderr);
  return outcome.stdout.trim();
}

/** What git in the workspace puts in the place of a URL's beginning. */
async function rewritten(box: Box): Promise<string> {
  return (await runToEnd(box, ["git", "config", "--get-regexp", "^url"])).stdout;
}

function lsRemote(box: Box, url: string): ReturnType<typeof runToEnd> {
  return runToEnd(box, ["git", "ls-remote", "--", url], { env: { GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" } });
}

/** Something on the worker that nobody in a workspace may reach; it counts who connected. */
async function listener(): Promise<AsyncDisposable & { port: number; hits(): number }> {
  let hits = 0;
  const inner = createServer();
  inner.on("connection", (socket) => {
    hits += 1;
    socket.destroy();
  });
  inner.listen(0, "127.0.0.1");
  await once(inner, "listening");
  return {
    port: (inner.address() as AddressInfo).port,
    hits: () => hits,
    [Symbol.asyncDispose]: async () => void inner.close(),
  };
}
