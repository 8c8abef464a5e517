import { createHash } from "node:crypto";
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { createAgentClient } from "@ws/rpc-contract/client";
import { EXEC_STREAM } from "@ws/rpc-contract/frames";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { bearer } from "../testing/headers.ts";
import { startLinkedProcesses } from "../testing/linked-processes.ts";

const FULL = process.env["WS_SOAK"] !== undefined;
const SIZE = (FULL ? 2_000 : 200) * 1024 * 1024;
const PIECE = Buffer.alloc(1024 * 1024);

/** Bytes that are not all the same, and their sum. */
function content() {
  const hash = createHash("sha256");
  function* pieces() {
    for (let at = 0; at < SIZE; at += PIECE.length) {
      PIECE.writeUInt32LE(at / PIECE.length);
      hash.update(PIECE);
      yield Buffer.from(PIECE);
    }
  }
  return { stream: Readable.from(pieces()), sum: () => hash.digest("hex") };
}

/** How much more memory than now each has at the most, in MiB, until it is asked. */
function watch(...processes: { memory(): number }[]) {
  const before = processes.map((one) => one.memory());
  const most = before.map(() => 0);
  const look = (): void => {
    for (const [index, one] of processes.entries()) {
      most[index] = Math.max(most[index] ?? 0, one.memory() - (before[index] ?? 0));
    }
  };
  const timer = setInterval(look, 20);
  onTestFinished(() => clearInterval(timer));
  return () => {
    look();
    return most;
  };
}

function ask(
  url: string,
  token: string,
  method = "GET",
): Promise<IncomingMessage> & { request: ReturnType<typeof httpRequest> } {
  const request = httpRequest(url, { method, headers: bearer(token), agent: false });
  const answered = once(request, "response").then(([answer]) => answer as IncomingMessage);
  return Object.assign(answered, { request });
}

async function sumOf(answer: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of answer) hash.update(piece);
  return hash.digest("hex");
}

test("a large file goes to a worker and comes back whole, in flat memory of both", { timeout: 600_000 }, async () => {
  const { hub, worker, through, token } = await startLinkedProcesses();
  await through().workspaces.create({ name: "alpha" });
  const url = `${hub.at().url}/on/desk/files/alpha/large.bin`;
  const warm = ask(`${hub.at().url}/on/desk/files/alpha/small`, token, "PUT");
  warm.request.end("x");
  (await warm).resume();
  const most = watch(hub, worker);
  const { stream, sum } = content();
  const up = ask(url, token, "PUT");
  stream.pipe(up.request);
  const put = await up;
  expect(put.statusCode).toBe(201);
  put.resume();
  const down = ask(url, token);
  down.request.end();
  const answer = await down;
  expect(Number(answer.headers["content-length"])).toBe(SIZE);
  const expected = sum();
  expect(await sumOf(answer)).toBe(expected);
  const part = httpRequest(url, { headers: { ...bearer(token), range: "bytes=1048576-1048579" }, agent: false }).end();
  const [partial] = (await once(part, "response")) as [IncomingMessage];
  const bytes = await partial.toArray();
  expect(partial.statusCode).toBe(206);
  expect(Buffer.concat(bytes as Buffer[]).readUInt32LE()).toBe(1);
  for (const more of most()) expect(more).toBeLessThan(96);
});

test(
  "readers who stall hold up themselves only: of a download, and of a command that floods",
  { timeout: 600_000 },
  async () => {
    const { hub, worker, through, token } = await startLinkedProcesses();
    await through().workspaces.create({ name: "alpha" });
    await through().workspaces.exec({ name: "alpha", command: ["truncate", "-s", String(SIZE), "large.bin"] });
    const base = `${hub.at().url}/on/desk`;
    const exec = async (...command: string[]): Promise<WebSocket> => {
      const socket = new WebSocket(`${base.replace("http", "ws")}/exec/alpha`, {
        perMessageDeflate: false,
        headers: bearer(token),
      });
      onTestFinished(() => socket.terminate());
      await once(socket, "open");
      socket.send(JSON.stringify({ type: "start", command }));
      return socket;
    };
    const echo = await exec("cat");
    const most = watch(hub, worker);
    const stalled = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const asked = ask(`${base}/files/alpha/large.bin`, token);
        asked.request.end();
        const answer = await asked;
        answer.pause();
        return asked.request;
      }),
    );
    const flooded = await exec("yes");
    flooded.pause();
    let echoed = "";
    echo.on("message", (data: Buffer, binary) => (echoed += binary ? data.subarray(1).toString() : ""));
    for (let round = 0; round < 200; round += 1) {
      echo.send(stdin(`round ${round}.`));
      await expect.poll(() => echoed, { interval: 1 }).toContain(`round ${round}.`);
    }
    // One more of the same kind is served beside them.
    const whole = ask(`${base}/files/alpha/large.bin`, token);
    whole.request.end();
    let bytes = 0;
    for await (const piece of await whole) bytes += (piece as Buffer).length;
    expect(bytes).toBe(SIZE);
    for (const more of most()) expect(more).toBeLessThan(128);
    for (const request of stalled) request.destroy();
  },
);

test(
  "500 streams are open at once, and thousands that are left do not end the link",
  { timeout: 300_000 },
  async () => {
    const { hub, through, token, local } = await startLinkedProcesses();
    await through().workspaces.create({ name: "alpha" });
    const url = `${hub.at().url}/on/desk`;
    const client = createAgentClient({ url, token: () => token });
    const since = async () => (await local().workers.list())[0]?.connectedAt;
    const before = await since();
    const leaving = new AbortController();
    const followers = await Promise.all(
      Array.from({ length: 500 }, async () => {
        const events = await client.workspaces.events(undefined, { signal: leaving.signal });
        const first = await events.next();
        return { events, first };
      }),
    );
    expect(followers.every(({ first }) => first.done !== true)).toBe(true);
    const heard = followers.map(async ({ events }) => {
      for await (const event of events) if (event.type === "changed" && event.workspace.name === "beta") return true;
      return false;
    });
    await through().workspaces.create({ name: "beta" });
    expect((await Promise.all(heard)).every(Boolean)).toBe(true);
    leaving.abort();
    for (let round = 0; round < 20; round += 1) {
      const requests = Array.from({ length: 150 }, () => ask(`${url}/rpc/workspaces/events`, token, "POST"));
      for (const asked of requests) {
        asked.request.on("error", () => undefined);
        asked.catch(() => undefined);
        asked.request.end();
      }
      await Promise.race(requests);
      for (const { request } of requests) request.destroy();
    }
    expect((await client.workspaces.list()).length).toBe(2);
    expect(await since()).toBe(before);
  },
);

function stdin(text: string): Buffer {
  return Buffer.concat([Buffer.of(EXEC_STREAM.stdin), Buffer.from(text)]);
}
