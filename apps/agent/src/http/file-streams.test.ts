import { crc32 as checksum, inflateRawSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Handler } from "@ws/rpc-contract";
import { HOSTILE_PATHS } from "@ws/workspace-core/testing";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";
import { attachment, parseRange } from "./file-headers.ts";
import { audited } from "../testing/audited.ts";

let agent: TestAgent;
let token: string;

beforeAll(async () => {
  agent = await startTestAgent();
  await agent.local.workspaces.create({ name: "demo" });
  ({ token } = await agent.local.tokens.create({ name: "streams", scope: "write" }));
});
afterAll(() => agent[Symbol.asyncDispose]());
beforeEach(() => agent.local.files.remove({ name: "demo", path: "d", recursive: true }));

type Asked = Omit<RequestInit, "headers"> & { headers?: Record<string, string>; duplex?: "half" };

const ask = (path: string, init: Asked = {}): Promise<Response> =>
  fetch(`${agent.agent.url}/files/${path}`, {
    ...init,
    headers: { authorization: `Bearer ${token}`, ...init.headers },
  });
const put = (path: string, body: BodyInit, headers: Record<string, string> = {}): Promise<Response> =>
  ask(path, { method: "PUT", body, headers });
const refusal = async (answer: Response): Promise<string> =>
  `${answer.status} ${((await answer.json()) as { data: { code: string } }).data.code}`;

test("bytes come back as they went, with a version that tells one content from another", async () => {
  const bytes = crypto.getRandomValues(new Uint8Array(60_000));
  const made = await put("demo/d/a%20b/%C3%A9.bin", bytes);
  expect([made.status, await made.json()]).toEqual([
    201,
    expect.objectContaining({ path: "d/a b/é.bin", size: 60_000, created: true }),
  ]);
  const got = await ask("demo/d/a%20b/%C3%A9.bin");
  expect(new Uint8Array(await got.arrayBuffer())).toEqual(bytes);
  expect(got.headers.get("etag")).toBe(made.headers.get("etag"));
  const again = await put("demo/d/a%20b/%C3%A9.bin", "x");
  expect(again.status).toBe(200);
  expect(again.headers.get("etag")).not.toBe(made.headers.get("etag"));
});

test("a file's answer is saved and never run or shown as a page of ours", async () => {
  await put("demo/d/x.html", "<script>alert(1)</script>");
  const { headers } = await ask("demo/d/x.html");
  expect(Object.fromEntries(headers)).toMatchObject({
    "content-type": "application/octet-stream",
    "content-disposition": "attachment; filename=\"x.html\"; filename*=UTF-8''x.html",
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  });
});

test.each<[string, number, string, string | null]>([
  ["bytes=2-4", 206, "234", "bytes 2-4/10"],
  ["bytes=7-", 206, "789", "bytes 7-9/10"],
  ["bytes=-3", 206, "789", "bytes 7-9/10"],
  ["bytes=-30", 206, "0123456789", "bytes 0-9/10"],
  ["bytes=8-30", 206, "89", "bytes 8-9/10"],
  ["bytes=10-", 416, "", "bytes */10"],
  ["bytes=4-2", 200, "0123456789", null],
  ["bytes=0-1,4-5", 200, "0123456789", null],
  ["lines=1-2", 200, "0123456789", null],
])("the range %s: %i %s", async (range, status, text, told) => {
  await put("demo/d/f", "0123456789");
  const answer = await ask("demo/d/f", { headers: { range } });
  expect([answer.status, await answer.text(), answer.headers.get("content-range")]).toEqual([status, text, told]);
});

test("HEAD tells what GET would, and what is known already is not sent again", async () => {
  await put("demo/d/f", "0123456789");
  const head = await ask("demo/d/f", { method: "HEAD" });
  expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, "10", ""]);
  const known = await ask("demo/d/f", { headers: { "if-none-match": head.headers.get("etag") ?? "" } });
  expect([known.status, await known.text()]).toEqual([304, ""]);
});

test("nothing is written over what changed meanwhile, or over what was to be new", async () => {
  const etag = (await put("demo/d/f", "1")).headers.get("etag") ?? "";
  expect((await put("demo/d/f", "2", { "if-match": etag })).status).toBe(200);
  expect(await refusal(await put("demo/d/f", "3", { "if-match": etag }))).toBe("409 file_changed");
  expect(await refusal(await put("demo/d/f", "3", { "if-none-match": "*" }))).toBe("409 file_exists");
  expect(await refusal(await put("demo/d/f", "3", { "if-match": "nonsense" }))).toBe("400 invalid_input");
  expect(await refusal(await put("demo/d/f", "3", { "if-match": '"%zz"' }))).toBe("400 invalid_input");
  expect(await (await ask("demo/d/f")).text()).toBe("2");
});

test("a directory goes out as one tar and comes in again; a zip goes out", async () => {
  await put("demo/d/in/a.txt", "A");
  await put("demo/d/in/sub/b.txt", "B");
  const tar = await ask("demo/d/in?format=tar");
  expect(tar.headers.get("content-disposition")).toContain('filename="in.tar"');
  const unpacked = await put("demo/d/out?format=tar", await tar.arrayBuffer());
  expect(await unpacked.json()).toEqual({ files: 2, directories: 1, skipped: 0, bytes: 2 });
  expect(await (await ask("demo/d/out/sub/b.txt")).text()).toBe("B");
  const zip = Buffer.from(await (await ask("demo/d/in?format=zip")).arrayBuffer());
  expect(unzipped(zip)).toEqual({ "a.txt": "A", "sub/": "", "sub/b.txt": "B" });
});

describe("refused", () => {
  test.each([
    ["demo/d/none", "404 file_not_found"],
    ["nobody/x", "404 workspace_not_found"],
    ["demo/..", "404 workspace_not_found"],
    ["demo/..%2fx", "403 path_traversal"],
    ["demo/%2Fetc%2Fpasswd", "403 path_traversal"],
    ["demo/x%00", "403 path_traversal"],
    ["demo/.env", "403 path_not_allowed"],
    ["demo/%ff", "400 invalid_input"],
    ["demo/d?format=rar", "400 invalid_input"],
    ["demo", "400 is_a_directory"],
    ["demo/d/f?format=tar", "400 not_a_directory"],
  ])("GET /files/%s: %s", async (path, expected) => {
    await put("demo/d/f", "x");
    expect(await refusal(await ask(path))).toBe(expected);
  });

  test("every hostile path, read and written (CVE-2025-53110)", async () => {
    for (const { path, is } of HOSTILE_PATHS) {
      if (is === "name" || !path.isWellFormed()) continue;
      // A client resolves this one itself.
      const address = `demo/${path === ".." ? "x%2F..%2F.." : encodeURIComponent(path)}`;
      const answers = await Promise.all([ask(address), put(address, "x")]);
      const expected = { "leads-out": [403], "no-path": [400], protected: [403] }[is];
      for (const { status } of answers) expect([path, expected]).toEqual([path, expect.arrayContaining([status])]);
    }
  });

  test("other methods, and callers who may not", async () => {
    expect((await ask("demo/d/f", { method: "POST", body: "x" })).status).toBe(405);
    expect((await ask("demo/d/f", { method: "DELETE" })).status).toBe(405);
    expect((await fetch(`${agent.agent.url}/files/demo/d/f`)).status).toBe(401);
    const { token: reader } = await agent.local.tokens.create({ name: "reader", scope: "read" });
    const headers = { authorization: `Bearer ${reader}` };
    expect(await refusal(await put("demo/d/f", "x", headers))).toBe("403 forbidden");
    await agent.local.workspaces.create({ name: "other" });
    const { token: inside } = await agent.local.tokens.create({ name: "inside", scope: "workspace:other" });
    expect(await refusal(await ask("demo/d/f", { headers: { authorization: `Bearer ${inside}` } }))).toBe(
      "403 forbidden",
    );
  });

  test("a token of a pipeline writes content and nothing else: no mode, and no archive, whose entries have their own", async () => {
    const handler: Handler = { kind: "publish", settings: { repo: "demo", writable_paths: ["d"] } };
    const { token: narrow } = await agent.local.tokens.create({ name: "pipeline", handler });
    const headers = { authorization: `Bearer ${narrow}` };
    expect((await put("demo/d/f", "x", headers)).status).toBe(201);
    for (const field of ["mode=755", "format=tar"]) {
      const refused = await put(`demo/d/g?${field}`, "x", headers);
      const { message } = (await refused.clone().json()) as { message: string };
      expect([await refusal(refused), message]).toEqual([
        "403 forbidden",
        `This token is for publishing to 'demo' only, for which it may not say '${field.split("=")[0]}'.`,
      ]);
    }
    const refusedCall = agent.remote(narrow).files.write({ name: "demo", path: "d/g", content: "x", mode: 0o755 });
    await expect(refusedCall).rejects.toMatchObject({
      data: { code: "forbidden" },
      message: expect.stringContaining("'mode'") as string,
    });
    expect((await ask("demo/d/g")).status).toBe(404);
    expect(await agent.local.files.stat({ name: "demo", path: "d/f" })).toMatchObject({ mode: 0o644 });
  });

  test("what was written and what was refused is written down, what was read is not", async () => {
    await put("demo/d/f", "x");
    await (await ask("demo/d/f")).text();
    await put("demo/.env", "x");
    const rows = (await audited(agent.local, 2)).map(({ action, outcome }) => `${action} ${outcome}`);
    expect(rows).toEqual(["files.write path_not_allowed", "files.write ok"]);
  });
});

test("an upload that breaks off leaves the old content", async () => {
  await put("demo/d/f", "old");
  const broken = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode("half"));
      controller.error(new Error("the client is gone"));
    },
  });
  await expect(ask("demo/d/f", { method: "PUT", body: broken, duplex: "half" })).rejects.toThrow();
  expect(await (await ask("demo/d/f")).text()).toBe("old");
});

test("names in headers break out of nothing", () => {
  expect(attachment('a"b\\\r\n%é')["content-disposition"]).toBe(
    "attachment; filename=\"a_b_____\"; filename*=UTF-8''a%22b%5C%0D%0A%25%C3%A9",
  );
  expect(parseRange("bytes=-")).toBeUndefined();
});

/** By its directory at the end, as those read it who know the whole. */
function unzipped(zip: Buffer): Record<string, string> {
  const found: Record<string, string> = {};
  let at = zip.readUInt32LE(zip.length - 6);
  for (let left = zip.readUInt16LE(zip.length - 12); left > 0; left -= 1) {
    const [method, crc, packed] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 16), zip.readUInt32LE(at + 20)];
    const length = zip.readUInt16LE(at + 28);
    const name = zip.toString("utf8", at + 46, at + 46 + length);
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const bytes = zip.subarray(start, start + packed);
    const content = method === 8 ? inflateRawSync(bytes) : bytes;
    expect([name, crc]).toEqual([name, checksum(content)]);
    found[name] = content.toString();
    at += 46 + length;
  }
  return found;
}
