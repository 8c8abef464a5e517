import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type GitServer, startGitServer } from "../../testing/git-server.ts";
import { listenAndCount } from "../../testing/counting-listener.ts";
import { BRANCH } from "../../testing/granted-place.ts";
import { entrance, openLarge } from "../../testing/large-files.ts";
import { type LfsServer, startLfsServer } from "../../testing/lfs-server.ts";

let server: GitServer;
let lfs: LfsServer;
let inner: Awaited<ReturnType<typeof listenAndCount>>;
beforeAll(async () => {
  // A name, so that an address is another host than the forge's.
  server = await startGitServer({ host: "localhost" });
  lfs = await startLfsServer(server, "localhost");
  inner = await listenAndCount();
});
afterEach(() => {
  for (const name of ["forge", "store", "action", "authenticated"] as const) delete lfs.faults[name];
});
afterAll(async () => {
  await inner[Symbol.asyncDispose]();
  await lfs[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

test.each([
  ["a private address", (port: number) => `https://127.0.0.1:${port}/x`],
  ["a private address as a number", (port: number) => `https://0x7f000001:${port}/x`],
  ["a private address of version 6", (port: number) => `https://[::1]:${port}/x`],
  ["a private address mapped to version 6", (port: number) => `https://[::ffff:127.0.0.1]:${port}/x`],
  ["a cloud's metadata service", () => "https://169.254.169.254/latest/meta-data/"],
  ["another scheme", (port: number) => `http://localhost:${port}/x`],
  ["a file", () => "file:///etc/passwd"],
  ["a user and password", (port: number) => `https://u:p@localhost:${port}/x`],
])("CVE-2026-70357: a store at %s is led to neither at once nor by a redirect", async (_, hrefOf) => {
  await using place = await openLarge({ server, lfs }, { "a.bin": randomBytes(500) });
  const href = hrefOf(inner.port);
  lfs.faults.action = (_kind, action) => ({ ...action, href });
  const refused = await place.run("git", "lfs", "pull");
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain("Workspace does not lead there");
  delete lfs.faults.action;
  lfs.faults.store = (_request, response) => {
    response.writeHead(302, { location: href }).end();
    return true;
  };
  const moved = await place.run("git", "lfs", "pull");
  expect(moved.code).not.toBe(0);
  expect(moved.stderr).toContain("Workspace does not lead there");
  expect(inner.hits()).toBe(0);
});

test("a store's redirect is followed, a few times, and what was said for one origin is not shown to another", async () => {
  const content = randomBytes(500);
  await using place = await openLarge({ server, lfs }, { "a.bin": content });
  await using second = await startLfsServer(server, "localhost");
  const seen: unknown[] = [];
  second.faults.store = ({ headers }, response) => {
    seen.push(headers["x-store-key"] ?? headers.authorization);
    response.end(content);
    return true;
  };
  lfs.faults.store = (_, response) => {
    response.writeHead(307, { location: `${second.store}/elsewhere` }).end();
    return true;
  };
  await using other = await openLarge({ server, lfs, ca: [second.ca] }, { "a.bin": content });
  await other.git("lfs", "pull");
  expect(await readFile(`${other.directory}/a.bin`)).toEqual(content);
  expect(seen).toEqual([undefined]);
  lfs.faults.store = (_request, response) => {
    response.writeHead(307, { location: "/again" }).end();
    return true;
  };
  expect((await place.run("git", "lfs", "pull")).stderr).toContain("the store of a large file sends it elsewhere");
});

test("a store that sends a download back to the forge is given nothing of the worker's credential there", async () => {
  const content = randomBytes(500);
  await using place = await openLarge({ server, lfs }, { "a.bin": content });
  const shown: unknown[] = [];
  server.intercept("/api/private", ({ headers }, response) => {
    shown.push(headers.authorization ?? headers["x-store-key"]);
    response.end(content);
  });
  lfs.faults.authenticated = false;
  lfs.faults.store = (_, response) => {
    response.writeHead(307, { location: `${server.origin}/api/private` }).end();
    return true;
  };
  await place.git("lfs", "pull");
  expect(shown).toEqual([undefined]);
});

test("an .lfsconfig that names another server is not led with the worker's credential", async () => {
  await using place = await openLarge({ server, lfs }, { "a.bin": randomBytes(500) });
  await using foreign = await startGitServer({ host: "localhost" });
  await place.git("config", "--file", ".lfsconfig", "lfs.url", `${foreign.origin}/o/r.git/info/lfs`);
  const refused = await place.run("git", "lfs", "pull");
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain("Workspace does not lead there");
  await using open = await openLarge(
    { server, lfs, ca: [foreign.ca], allowPrivateAddresses: true },
    { "a.bin": randomBytes(500) },
  );
  await open.git("config", "--file", ".lfsconfig", "lfs.url", `${foreign.origin}/o/r.git/info/lfs`);
  expect((await open.run("git", "lfs", "pull")).code).not.toBe(0);
  expect(foreign.requests.map(({ url, authorized }) => [url, authorized])).toContainEqual([
    "/o/r.git/info/lfs/objects/batch",
    false,
  ]);
  expect(foreign.requests.some(({ authorized }) => authorized)).toBe(false);
  await open.git("config", "--file", ".lfsconfig", "lfs.url", `${foreign.origin}/somewhere`);
  expect((await open.run("git", "lfs", "pull")).stderr).toContain("only git's smart fetch and push and Git LFS");
});

test("what the workspace asks for is taken apart, and a way serves only what it was given for", async () => {
  await using place = await openLarge({ server, lfs }, { "a.bin": randomBytes(500) });
  const at = await entrance(place);
  const post = async (path: string, body: string): Promise<[number, string]> => {
    const answer = await fetch(`${at}/info/lfs/${path}`, { method: "POST", body });
    return [answer.status, ((await answer.json()) as { message?: string }).message ?? ""];
  };
  const from = lfs.requests.length;
  const oid = "a".repeat(64);
  const objects = [{ oid, size: 500 }];
  for (const body of [
    "",
    "[]",
    "{",
    JSON.stringify({ operation: "delete", objects }),
    JSON.stringify({ operation: "download", objects: [{ oid: "../x", size: 1 }] }),
    JSON.stringify({ operation: "download", objects: [{ oid, size: -1 }] }),
    JSON.stringify({ operation: "download", objects: Array.from({ length: 1_001 }, () => objects[0]) }),
    JSON.stringify({ operation: "download", objects, hash_algo: "sha512" }),
    `{"x":"${"x".repeat(1_100_000)}"}`,
  ])
    expect(await post("objects/batch", body)).toEqual([422, expect.stringContaining("refused this request")]);
  expect(await post("locks", "{}")).toEqual([422, expect.stringContaining("names no path")]);
  expect(lfs.requests.length).toBe(from);

  const batch = JSON.stringify({ operation: "upload", objects });
  const told = await (await fetch(`${at}/info/lfs/objects/batch`, { method: "POST", body: batch })).text();
  expect(told).not.toContain(new URL(lfs.store).host);
  const [upload = ""] = /http:[^"]+/.exec(told) ?? [];
  expect((await fetch(upload)).status).toBe(404);
  expect((await fetch(upload, { method: "PUT", body: "short" })).status).toBe(422);
  const elsewhere = upload.replace(place.name, "o/other");
  expect((await fetch(elsewhere, { method: "PUT", body: "short" })).status).not.toBe(200);
  await place.granting.revoke("ws-standin");
  expect((await fetch(upload, { method: "PUT", body: "x".repeat(500) })).status).toBe(403);
  expect(lfs.requests.slice(from).filter((request) => request.at === "store")).toEqual([]);
});

test("what a store says of a refusal stays with the worker", async () => {
  await using place = await openLarge({ server, lfs }, { "a.bin": randomBytes(500) });
  lfs.faults.store = ({ headers }, response) => {
    response.writeHead(401, { "WWW-Authenticate": "Basic" }).end(JSON.stringify(headers));
    return true;
  };
  const refused = await place.run("sh", "-c", "GIT_CURL_VERBOSE=1 GIT_TRACE=1 git lfs pull 2>&1");
  expect(refused.code).not.toBe(0);
  expect(refused.stdout).toContain("its store answered with the status 401");
  expect(refused.stdout).not.toContain(lfs.mark);
});

test("a store that refuses an upload before it has all of it is told as that", async () => {
  await using place = await openLarge({ server, lfs }, {});
  await place.commit({ "b.bin": randomBytes(20_000_000) });
  lfs.faults.store = (_, response) => {
    response.writeHead(507, { Connection: "close" }).end();
    return true;
  };
  const refused = await place.push(BRANCH);
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain("was not stored: its store answered with the status 507");
});

test("a forge's answer that is none, or endless, is refused", async () => {
  await using place = await openLarge({ server, lfs }, { "a.bin": randomBytes(500) });
  const says: [string, string][] = [
    ['{"objects":1}', "it names no objects"],
    ['{"objects":[],"transfer":"ssh"}', "a way that was not asked for"],
    ["<html>", "found no Git LFS"],
    [`{"objects":"${"x".repeat(9_000_000)}"}`, "found no Git LFS"],
    // Few bytes for each of what would be a multiple of them in memory.
    [`{"objects":[${"{},".repeat(2_000_000)}{}]}`, "found no Git LFS"],
  ];
  for (const [text, words] of says) {
    lfs.faults.forge = (_, response) => {
      response.end(text);
      return true;
    };
    expect((await place.run("git", "lfs", "pull")).stderr).toContain(words);
  }
});

test("answers that do not come to their end keep nobody waiting once those who asked have gone", async () => {
  await using place = await openLarge({ server, lfs }, { "a.bin": randomBytes(500) });
  const at = `${await entrance(place)}/info/lfs/locks`;
  let begun = 0;
  lfs.faults.forge = (_, response) => {
    begun += 1;
    response.write('{"locks":');
    return true;
  };
  const gone = new AbortController();
  const asked = Array.from({ length: 12 }, () => fetch(at, { signal: gone.signal }));
  await expect.poll(() => begun).toBe(12);
  gone.abort();
  const outcomes = await Promise.allSettled(asked);
  expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
  delete lfs.faults.forge;
  expect((await fetch(at)).status).toBe(200);
});
