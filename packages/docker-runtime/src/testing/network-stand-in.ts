import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A machine beside this one, in a network namespace of its own, that answers HTTP on some addresses. */
export interface NetworkStandIn extends AsyncDisposable {
  readonly port: number;
}

/** Makes a neighbour that this machine reaches by routing, as it does the LAN and a cloud's metadata. Needs root. */
export async function createNetworkStandIn(addresses: readonly string[]): Promise<NetworkStandIn> {
  const tag = randomBytes(3).toString("hex");
  const [namespace, near, far] = [`ws-test-${tag}`, `wsn${tag}`, `wsf${tag}`];
  const ip = (...args: string[]): Promise<unknown> => run("ip", args);
  const port = 18_080;
  await ip("netns", "add", namespace);
  await ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", namespace);
  const third = Number.parseInt(tag.slice(0, 2), 16);
  await ip("addr", "add", `198.18.${third}.1/24`, "dev", near);
  await ip("link", "set", near, "up");
  const inside = (...args: string[]): Promise<unknown> => ip("-n", namespace, ...args);
  await inside("addr", "add", `198.18.${third}.2/24`, "dev", far);
  await inside("link", "set", far, "up");
  await inside("link", "set", "lo", "up");
  await inside("route", "add", "default", "via", `198.18.${third}.1`);
  for (const address of addresses) {
    await inside("addr", "add", `${address}/32`, "dev", "lo");
    await ip("route", "add", `${address}/32`, "via", `198.18.${third}.2`);
  }
  const code = `require("node:http").createServer((q, a) => a.end("stand-in")).listen(${port}, "0.0.0.0", () => console.log("up"))`;
  const server = spawn("ip", ["netns", "exec", namespace, process.execPath, "-e", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(server.stdout, "data");
  return {
    port,
    async [Symbol.asyncDispose]() {
      server.kill("SIGKILL");
      await once(server, "close");
      // The routes go with the interface.
      await ip("link", "delete", near);
      await ip("netns", "delete", namespace);
    },
  };
}
