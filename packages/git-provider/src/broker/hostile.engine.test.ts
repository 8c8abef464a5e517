import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GitServer, startGitServer } from "../testing/git-server.ts";
import { BRANCH, ME, type GrantedPlace, openGranted } from "../testing/granted-place.ts";

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

test("CVE-2019-18277: a body behind a question for refs of a granted repository does not move where the next request begins", async () => {
  await using place = await openGranted(server);
  const { body, main } = await pushToMain(place);
  const path = `/${place.name}.git`;
  const swallowed = `POST ${path}/git-upload-pack HTTP/1.1\r\naccept: `;
  await place.attach();
  const asking = `GET ${path}/info/refs?service=git-upload-pack HTTP/1.1\r\nHost: x\r\nContent-Length: ${swallowed.length}\r\n\r\n`;
  const answered = await send(place, asking);
  await send(
    place,
    `POST ${path}/git-upload-pack HTTP/1.1\r\nHost: x\r\nAccept: POST ${path}/git-receive-pack HTTP/1.1\r\n` +
      `Content-Type: application/x-git-receive-pack-request\r\nContent-Length: ${body.length}\r\n\r\n`,
    body,
  );
  expect(await place.repository.git("rev-parse", "main")).toBe(main);
  expect(answered).toMatch(/^HTTP\/1\.1 400 [^]*a question for refs has no body/);
});

test("CVE-2019-18277: a body in pieces behind a question for refs without a grant is not the beginning of the next request", async () => {
  await using place = await openGranted(server);
  const { body, main } = await pushToMain(place);
  const path = `/${place.name}.git`;
  await server.create("o/smuggled");
  const begun = `POST ${path}/git-receive-pack HTTP/1.1\r\nX-Ignore: `;
  await place.attach();
  const answered = await send(
    place,
    "GET /o/smuggled.git/info/refs?service=git-upload-pack HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" +
      `${begun.length.toString(16)}\r\n${begun}\r\n0\r\n\r\n`,
  );
  await send(
    place,
    `POST ${path}/git-upload-pack HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-git-receive-pack-request\r\n` +
      `Content-Length: ${body.length}\r\n\r\n`,
    body,
  );
  expect(await place.repository.git("rev-parse", "main")).toBe(main);
  expect(answered).toMatch(/^HTTP\/1\.1 400 [^]*a question for refs has no body/);
});

test("a small push of a commit that is larger than any, or of directories that are, is refused", async () => {
  await using place = await openGranted(server);
  await place.commit({ "b.txt": "b\n", message: "a".repeat(1_100_000) });
  await place.git(...ME, "commit", "-q", "--allow-empty", "-F", "message");
  expect((await place.push(`HEAD:refs/heads/${BRANCH}`)).stderr).toContain("a commit in it is too large");
  await place.git("reset", "-q", "--hard", "HEAD~2");
  const id = (await place.git("rev-parse", "HEAD:a.txt")).trim();
  const names = Array.from({ length: 120_000 }, (_, at) => `100644 ${id}\tf${String(at).padStart(9, "0")}\n`);
  const index = { cwd: place.directory, input: names.join("") };
  execFileSync("git", ["update-index", "--index-info"], index);
  await place.git(...ME, "commit", "-q", "-m", "Wide");
  expect((await place.push(`HEAD:refs/heads/${BRANCH}`)).stderr).toContain("a directory in it is too large");
});

/** A whole push to a branch that the grant does not name, as a forge would take it. */
async function pushToMain(place: GrantedPlace): Promise<{ body: Buffer; main: string }> {
  await place.commit({ "b.txt": "b\n" });
  const head = (await place.git("rev-parse", "HEAD")).trim();
  const main = await place.repository.git("rev-parse", "main");
  const options = { cwd: place.directory, input: `${head}\n^${main.trim()}\n` };
  const pack = execFileSync("git", ["pack-objects", "--quiet", "--revs", "--stdout"], options);
  const change = line(`${main.trim()} ${head} refs/heads/main\0 report-status`);
  return { body: Buffer.concat([Buffer.from(`${change}0000`), pack]), main };
}

/** Sends bytes as they are, below the way to the forge, and resolves to what comes back. */
async function send(place: GrantedPlace, head: string, body: Uint8Array = Buffer.alloc(0)): Promise<string> {
  const include = await readFile(`${place.box.home}/.config/git/ws-forward`, "utf8");
  const way = new URL(/\[url "([^"]+)"\]/.exec(include)?.[1] ?? "");
  const socket = connect(Number(way.port), "127.0.0.1");
  const led = head.replace(" /", ` ${way.pathname}${new URL(server.origin).host}/`);
  socket.write(led.replace("Host: x\r\n", "Host: x\r\nConnection: close\r\n"));
  // One that was refused before all was read is closed for what comes after.
  socket.on("error", () => undefined);
  socket.write(body);
  let said = "";
  socket.setEncoding("latin1").on("data", (text: string) => (said += text));
  // A forge that waits for the rest of a request that was moved never answers.
  socket.setTimeout(3_000, () => socket.destroy());
  await once(socket, "close");
  return said;
}

function line(content: string): string {
  return (Buffer.byteLength(content) + 4).toString(16).padStart(4, "0") + content;
}

function command(branch: string): string {
  return line(`${Z} ${O} refs/heads/${branch}\0 report-status side-band-64k`);
}
