import { afterAll, beforeAll, expect, test } from "vitest";
import { type GitServer, startGitServer } from "./testing/git-server.ts";
import { BRANCH, openGranted } from "./testing/granted-place.ts";

const Z = "0".repeat(40);
const O = "1".repeat(40);

let server: GitServer;
beforeAll(async () => {
  server = await startGitServer();
});
afterAll(() => server[Symbol.asyncDispose]());

test.each([
  ["a line without a length", "zzzz", 400],
  ["a length that lies", "fff0", 400],
  ["a line that is cut", "00ff0000", 400],
  ["a length below a line's own", "0003", 400],
  ["a command list that never ends", line("shallow " + "0".repeat(40)).repeat(30_000), 400],
  [
    "more changes than a push has",
    `${command("a")}${"bcdefghijkl"
      .split("")
      .map((c) => line(`${Z} ${O} refs/heads/${c}`))
      .join("")
      .repeat(8)}0000`,
    400,
  ],
  ["a second NUL", `${line(`${Z} ${O} refs/heads/a\0 report-status\0x`)}${line(`${Z} ${O} refs/heads/b\0x`)}0000`, 400],
  ["a signed push", `${line("push-cert\0 report-status")}0000`, 400],
  ["push options", `${line(`${Z} ${O} refs/heads/${BRANCH}\0 report-status push-options`)}0000`, 400],
  ["a name with a control character", `${line(`${Z} ${O} refs/heads/a\nb\0 report-status`)}0000`, 400],
  ["a ref twice", `${command(BRANCH)}${line(`${Z} ${O} refs/heads/${BRANCH}`)}0000`, 400],
  ["an unknown hash", `${line(`${Z} ${O} refs/heads/a\0 object-format=md5`)}0000`, 400],
  ["a pack for nothing", "0000PACK", 400],
  ["a pack that is none", `${command(BRANCH)}0000PACKgarbage`, 200],
])("%s is refused before anything reaches the forge", async (_, body, status) => {
  await using place = await openGranted(server);
  const before = server.requests.length;
  const answered = await place.post(body);
  expect(answered.status).toBe(status);
  expect(await answered.text()).toMatch(/Workspace refused th(?:is|e) push/);
  expect(server.requests).toHaveLength(before);
  await expect.poll(place.spooled).toEqual([]);
});

test("a compressed push is refused, because it is not looked into", async () => {
  await using place = await openGranted(server);
  const answered = await place.post("0000", { "Content-Encoding": "gzip" });
  expect(await answered.text()).toContain("it is compressed");
});

function line(content: string): string {
  return (Buffer.byteLength(content) + 4).toString(16).padStart(4, "0") + content;
}

function command(branch: string): string {
  return line(`${Z} ${O} refs/heads/${branch}\0 report-status side-band-64k`);
}
