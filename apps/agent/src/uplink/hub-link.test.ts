import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { createSilentLog } from "../testing/silent-log.ts";
import { keepHubLink, type HubState } from "./hub-link.ts";

test("A link that breaks after hours is tried again as soon as one that was closed: time is counted from when it was lost", async () => {
  const over = new AbortController();
  const slept: number[] = [];
  const states: HubState[] = [];
  let moves = 0;
  let now = 0;
  const clock = {
    now: () => now,
    monotonic: () => now,
    async sleep(ms: number, signal?: AbortSignal): Promise<void> {
      // Of the heartbeat there is no second one, and what a refusal says is there before its ten seconds are over.
      if (ms === 15_000 || ms === 10_000)
        return new Promise((_resolve, reject) => signal?.addEventListener("abort", reject));
      slept.push(ms);
      now += ms;
      if (slept.length === 3) over.abort();
    },
  };
  const sockets = new WebSocketServer({ noServer: true });
  let links = 0;
  /** No frame begins like what it writes. */
  let breaks = (): void => undefined;
  const hub = createServer();
  const open = new Set<Duplex>();
  hub.on("upgrade", (request, socket, head) => {
    open.add(socket);
    // The other lane is never answered, and so tries nothing again.
    if (!request.url?.endsWith("=interactive")) return;
    links += 1;
    if (links > 1) return void socket.end("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n");
    sockets.handleUpgrade(request, socket, head, () => {
      breaks = () => void socket.write(Buffer.of(0xff, 0xff));
    });
  });
  hub.listen(0, "127.0.0.1");
  await once(hub, "listening");

  await keepHubLink({
    url: `http://127.0.0.1:${(hub.address() as AddressInfo).port}`,
    token: "t",
    instance: "0".repeat(16),
    version: "1",
    server: createServer(),
    status: () => expect.unreachable("nobody asks for it"),
    clock,
    random: () => 0,
    log: createSilentLog(),
    signal: over.signal,
    onMove: () => void (moves += 1),
    onState(state) {
      states.push(state);
      if (state.kind !== "connected") return;
      now = 3 * 3_600_000;
      breaks();
    },
  });
  expect(states.map(({ kind }) => kind).slice(0, 2)).toEqual(["connected", "connecting"]);
  expect(slept).toEqual([50, 500, 500]);
  // An attempt of the lane that is never answered, three of the other, and that one's question whether the hub is there.
  expect(moves).toBe(5);
  for (const socket of open) socket.destroy();
  hub.close();
  await once(hub, "close");
});
