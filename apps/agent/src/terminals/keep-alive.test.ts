import { EventEmitter } from "node:events";
import { createManualClock } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import type { WebSocket } from "ws";
import { keepAlive } from "./keep-alive.ts";

/** What keep-alive needs of a socket; a living peer answers each ping, and is heard unless the socket is paused. */
function createSocket(peer: { lives: boolean }): {
  socket: WebSocket;
  pause: (paused: boolean) => void;
  ended: () => boolean;
} {
  let paused = false;
  let ended = false;
  const socket = Object.assign(new EventEmitter(), {
    bufferedAmount: 0,
    ping: () => peer.lives && !paused && socket.emit("pong"),
    terminate() {
      ended = true;
      socket.emit("close");
    },
  });
  Object.defineProperty(socket, "isPaused", { get: () => paused });
  return { socket: socket as unknown as WebSocket, pause: (now) => (paused = now), ended: () => ended };
}

async function pass(clock: ReturnType<typeof createManualClock>, seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 5) {
    clock.advance(5_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("A peer that says nothing is dropped, one that answers is kept", async () => {
  const clock = createManualClock();
  const living = createSocket({ lives: true });
  const dead = createSocket({ lives: false });
  keepAlive(living.socket, clock);
  keepAlive(dead.socket, clock);
  await pass(clock, 40);
  expect([living.ended(), dead.ended()]).toEqual([false, true]);
});

test("Whom the agent does not listen to while its terminal takes no more is not dropped for it", async () => {
  const clock = createManualClock();
  const peer = { lives: true };
  const { socket, pause, ended } = createSocket(peer);
  keepAlive(socket, clock);
  pause(true);
  await pass(clock, 120);
  expect(ended()).toBe(false);
  pause(false);
  await pass(clock, 120);
  expect(ended()).toBe(false);
  peer.lives = false;
  await pass(clock, 40);
  expect(ended()).toBe(true);
});
