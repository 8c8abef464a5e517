import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A machine beside this one, as a network namespace of its own. */
export interface NetworkNamespace extends AsyncDisposable {
  /** This machine's address as that one sees it. */
  readonly host: string;
  /** Words before a command that is to run there. */
  readonly within: readonly string[];
  /** Whatever comes there is dropped, and nobody is told. */
  cut(): Promise<void>;
  restore(): Promise<void>;
}

/** Needs root, `ip` and `iptables`. */
export async function createNetworkNamespace(): Promise<NetworkNamespace> {
  const tag = randomBytes(3).toString("hex");
  const [namespace, near, far] = [`ws-cut-${tag}`, `wsn${tag}`, `wsf${tag}`];
  const third = Number.parseInt(tag.slice(0, 2), 16);
  const host = `198.19.${third}.1`;
  const within = ["ip", "netns", "exec", namespace];
  const ip = (...args: string[]): Promise<unknown> => run("ip", args);
  const firewall = (how: "-I" | "-D"): Promise<unknown> =>
    run("ip", [...within.slice(1), "iptables", "-w", how, "INPUT", "-j", "DROP"]);
  await ip("netns", "add", namespace);
  await ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", namespace);
  await ip("addr", "add", `${host}/24`, "dev", near);
  await ip("link", "set", near, "up");
  await ip("-n", namespace, "addr", "add", `198.19.${third}.2/24`, "dev", far);
  await ip("-n", namespace, "link", "set", far, "up");
  await ip("-n", namespace, "link", "set", "lo", "up");
  return {
    host,
    within,
    cut: async () => void (await firewall("-I")),
    restore: async () => void (await firewall("-D")),
    async [Symbol.asyncDispose]() {
      await ip("link", "delete", near);
      await ip("netns", "delete", namespace);
    },
  };
}
