import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { tempDir } from "../testing/temp-dir.ts";
import { startTestAgent } from "../testing/test-agent.ts";

async function startWithPages() {
  const directory = tempDir();
  onTestFinished(() => directory[Symbol.dispose]());
  mkdirSync(join(directory.path, "assets"));
  writeFileSync(join(directory.path, "index.html"), "the start page");
  writeFileSync(join(directory.path, "assets", "page-1a2b.js"), "the script");
  const agent = await startTestAgent({ webDirectory: directory.path });
  onTestFinished(() => agent[Symbol.asyncDispose]());
  return agent;
}

test("Every page of the dashboard is an address that can be opened, those of a worker behind it too", async () => {
  const agent = await startWithPages();
  for (const path of [
    "/",
    "/w/alpha/files",
    "/@desk",
    "/@desk/",
    "/@desk/w/alpha/git?x=1",
    "/@desk/tasks",
    "/@desk-2/new",
  ]) {
    const { status, text, headers } = await agent.ask(path);
    expect([path, status, text, headers["cache-control"]]).toEqual([path, 200, "the start page", "no-cache"]);
  }
});

test("What is no page is none: a script that is not there, what leads out of the directory, a worker's own answers", async () => {
  const agent = await startWithPages();
  expect((await agent.ask("/assets/page-1a2b.js")).text).toBe("the script");
  for (const [path, status] of [
    ["/assets/gone-9f.js", 404],
    ["/@desk/assets/page-1a2b.js", 404],
    ["/@desk/..%2f..%2f..%2f..%2fetc%2fpasswd", 200],
    ["/@desk/../../etc/passwd", 200],
    ["/on/desk/w/alpha", 401],
  ] as const) {
    const answer = await agent.ask(path);
    expect([path, answer.status]).toEqual([path, status]);
    if (status === 200) expect(answer.text).toBe("the start page");
  }
});

test("Each answer's page has a nonce of its own, which is the only style beside its files that is let in (row 8)", async () => {
  const directory = tempDir();
  onTestFinished(() => directory[Symbol.dispose]());
  writeFileSync(join(directory.path, "index.html"), '<meta property="csp-nonce" nonce="__CSP_NONCE__">');
  const agent = await startTestAgent({ webDirectory: directory.path });
  onTestFinished(() => agent[Symbol.asyncDispose]());
  const answers = await Promise.all(["/", "/index.html", "/w/alpha"].map((path) => agent.ask(path)));
  const nonces = answers.map(({ text, headers }) => {
    const nonce = /nonce="(?<nonce>[\w-]{22})"/.exec(text)?.groups?.["nonce"] ?? "";
    expect(headers["content-security-policy"]).toContain(`style-src 'self' 'nonce-${nonce}';`);
    return nonce;
  });
  expect(new Set(nonces).size).toBe(3);
});
