import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { AskSecret, Log } from "@ws/workspace-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GitServer, startGitServer } from "../testing/git-server.ts";
import { workerGitEnvironment } from "../worker-git/environment.ts";
import { createNetwork, type NetworkOptions } from "./forge/network.ts";
import { openWorkerForward, type WorkerForward } from "./worker-forward.ts";

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const password = randomBytes(20).toString("hex");
let server: GitServer;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ws-worker-forward-"));
  server = await startGitServer();
  await server.create("o/r", { auth: { user: "x-access-token", password } });
  await server.create("o/other", { auth: { user: "x-access-token", password } });
  await server.create("o/public");
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

test("the worker's own git fetches a private repository by its real URL and never has the token", async () => {
  await using forward = await forwardTo("o/r");
  expect(JSON.stringify(forward)).not.toContain(password);
  const bare = join(directory, "bare");
  await git(forward, "init", "--quiet", "--bare", bare);
  await git(
    forward,
    `--git-dir=${bare}`,
    "fetch",
    "--quiet",
    "--",
    `${server.origin}/o/r.git`,
    "+refs/heads/*:refs/heads/*",
  );
  expect(await git(forward, `--git-dir=${bare}`, "log", "--oneline", "main")).toContain("Add README.md");
});

test("a public repository needs no secret", async () => {
  await using forward = await openWorkerForward({ network: network(), url: `${server.origin}/o/public` });
  expect(await git(forward, "ls-remote", "--", `${server.origin}/o/public.git`)).toContain("refs/heads/main");
});

test("a secret that the forge refuses is told, another one is shown, and a second refusal is told in words", async () => {
  const asked: (string | undefined)[] = [];
  await using renewed = await forwardTo("o/r", async ({ refused } = {}) => {
    asked.push(refused);
    return secret(refused === undefined ? "old" : password);
  });
  expect(await git(renewed, "ls-remote", "--", `${server.origin}/o/r.git`)).toContain("refs/heads/main");
  expect(asked.slice(0, 2)).toEqual([undefined, "old"]);
  await using refusedTwice = await forwardTo("o/r", async ({ refused } = {}) => secret(`${refused ?? ""}old`));
  const asking = git(refusedTwice, "ls-remote", "--", `${server.origin}/o/r.git`);
  await expect(asking).rejects.toThrow(
    /remote: Workspace cannot log in: the credential work was refused by 127\.0\.0\.1/,
  );
});

test("it leads to its one repository, to be read, and only with the header that its git has", async () => {
  await using forward = await forwardTo("o/r");
  await expect(git(forward, "ls-remote", "--", `${server.origin}/o/other.git`)).rejects.toThrow(
    /only .*\/o\/r is read/,
  );
  const before = server.requests.length;
  const origin = /^url\.(.*)\.insteadOf$/.exec(forward.settings[0]?.[0] ?? "")?.[1] ?? "";
  const advertised = `${origin}${server.origin.slice("https://".length)}/o/r.git/info/refs?service=git-`;
  const capability = /^.*: (.*)$/.exec(forward.settings[1]?.[1] ?? "")?.[1] ?? "";
  const push = await fetch(`${advertised}receive-pack`, { headers: { "Ws-Capability": capability } });
  expect(push.status).toBe(403);
  for (const headers of [{}, { "Ws-Capability": capability.replace(/^./, "x") }] as Record<string, string>[]) {
    expect((await fetch(`${advertised}upload-pack`, { headers })).status).toBe(403);
  }
  expect(server.requests).toHaveLength(before);
});

test.each([
  ["another repository", () => `${server.origin}/o/public.git`],
  ["another origin", () => `https://localhost:${server.port}/o/r.git`],
])("CVE-2026-101029: a redirect to %s is not followed, and the token does not go there", async (_, target) => {
  server.intercept("/moved/r.git", (request, response) => {
    const location = (request.url ?? "").replace(/^\/moved\/r\.git/, target());
    response.writeHead(302, { Location: location }).end();
  });
  await using forward = await forwardTo("moved/r");
  const before = server.requests.length;
  await expect(git(forward, "ls-remote", "--", `${server.origin}/moved/r.git`)).rejects.toThrow(/repository moved to/);
  expect(server.requests.slice(before).map(({ url }) => url.split("/")[1])).toEqual(["moved"]);
});

test("a redirect to another spelling of the same repository is followed", async () => {
  server.intercept("/bare/r/", (request, response) => {
    response.writeHead(302, { Location: (request.url ?? "").replace("/bare/r/", "/bare/r.git/") }).end();
  });
  await server.create("bare/r", { auth: { user: "x-access-token", password } });
  await using forward = await forwardTo("bare/r");
  expect(await git(forward, "ls-remote", "--", `${server.origin}/bare/r`)).toContain("refs/heads/main");
});

test("a metadata service's address is never dialled, not even for the worker", async () => {
  const lookup = async () => [{ address: "169.254.169.254", family: 4 }];
  const url = "https://forge.test/o/r";
  await using forward = await openWorkerForward({ network: network({ lookup }), url, secret: async () => secret("x") });
  await expect(git(forward, "ls-remote", "--", url)).rejects.toThrow(/never a forge's/);
});

function network(options: Partial<NetworkOptions> = {}): ReturnType<typeof createNetwork> {
  return createNetwork({ log: silent, ca: [server.ca], ...options });
}

function secret(value: string): NonNullable<Awaited<ReturnType<AskSecret>>> {
  const username = "x-access-token";
  return { id: "work", type: "pat", provider: "github", host: "127.0.0.1", username, password: value };
}

function forwardTo(name: string, ask: AskSecret = async () => secret(password)): Promise<WorkerForward> {
  return openWorkerForward({ network: network(), url: `${server.origin}/${name}`, secret: ask });
}

async function git(way: WorkerForward, ...argv: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("git", argv, { env: workerGitEnvironment({ way }) });
  return stdout;
}
