import { createConnection, createServer, type AddressInfo, type Socket } from "node:net";
import type { AgentClient } from "@ws/rpc-contract/client";
import { expect, onTestFinished } from "vitest";
import { createKillableWorker } from "./killable-worker.ts";
import { clientOn } from "./test-agent.ts";

/** The network between a worker and its hub. */
export interface Cable {
  url: string;
  /** Ends every connection; new ones are refused until `restore`. */
  cut(): void;
  /** Takes everything and passes nothing on, in both directions, until `restore`. */
  swallow(): void;
  restore(): void;
}

async function startCable(to: () => string): Promise<Cable> {
  const sockets = new Set<Socket>();
  let state: "whole" | "cut" | "silent" = "whole";
  const server = createServer((near) => {
    if (state === "cut") return void near.destroy();
    const far = createConnection(Number(new URL(to()).port), "127.0.0.1");
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.setNoDelay();
      one.on("error", () => other.destroy());
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
      if (state === "silent") one.pause();
    }
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const end = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    end();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      state = "cut";
      end();
    },
    swallow() {
      state = "silent";
      for (const socket of sockets) socket.pause();
    },
    restore() {
      state = "whole";
      for (const socket of sockets) socket.resume();
    },
  };
}

/** A hub and a worker `desk` behind it, as processes that a test kills, with the network between them in its hands. */
export async function startLinkedProcesses() {
  const hub = createKillableWorker();
  let local = await hub.start();
  const cable = await startCable(() => hub.at().url);
  const { token } = await local.workers.add({ name: "desk" });
  const worker = createKillableWorker({ WS_HUB_URL: cable.url, WS_HUB_TOKEN: token });
  await worker.start();
  const through = (): AgentClient => clientOn(hub.at().socket, "/on/desk");

  async function whenThere(): Promise<void> {
    const isThere = async (): Promise<boolean> => {
      const [desk] = await local.workers.list().catch(() => []);
      return desk?.state === "online";
    };
    await expect.poll(isThere, { timeout: 60_000, interval: 20 }).toBe(true);
  }
  await whenThere();
  const admin = await local.tokens.create({ name: "test", scope: "admin" });
  return {
    hub,
    worker,
    cable,
    /** Good for the hub. */
    token: admin.token,
    whenThere,
    /** The worker through its hub. */
    through,
    local: (): AgentClient => local,
    async restartHub(): Promise<void> {
      await hub.kill();
      local = await hub.start();
    },
    async restartWorker(): Promise<void> {
      await worker.kill();
      await worker.start();
    },
  };
}
