import { createServer, type IncomingMessage } from "node:http";
import { join } from "node:path";
import type { Whois } from "../tailnet/local-api.ts";
import { tempDir } from "./temp-dir.ts";

/** What stands in for the Tailscale daemon of a machine: a socket that answers as its does, of what a test says. */
export interface Tailscaled extends AsyncDisposable {
  readonly socket: string;
  /** What it was asked, with the headers. */
  readonly asked: { path: string; headers: IncomingMessage["headers"] }[];
  /** This machine, until a test says otherwise; undefined while the daemon is signed out. */
  self: { id: string; addresses: string[]; name: string; tags?: string[] } | undefined;
  /** The others, by their addresses. */
  readonly nodes: Map<string, { id: string; name: string; login: string; tags?: string[]; leadsTo?: string[] }>;
  /** What it says instead of an answer. */
  broken: "garbage" | "error" | "silence" | undefined;
}

export async function startTailscaled(self: NonNullable<Tailscaled["self"]>, owner: string): Promise<Tailscaled> {
  const directory = tempDir();
  const daemon: Omit<Tailscaled, typeof Symbol.asyncDispose> = {
    socket: join(directory.path, "tailscaled.sock"),
    asked: [],
    self,
    nodes: new Map(),
    broken: undefined,
  };

  function whois(address: string): Whois | undefined {
    const own = daemon.self?.addresses.includes(address) === true ? { ...daemon.self, login: owner } : undefined;
    const found = own ?? daemon.nodes.get(address);
    if (found === undefined) return undefined;
    const prefixes = (own?.addresses ?? [address]).map((one) => `${one}/${one.includes(":") ? 128 : 32}`);
    const leadsTo = "leadsTo" in found ? (found.leadsTo ?? []) : [];
    return {
      Node: {
        StableID: found.id,
        Name: `${found.name}.tail1234.ts.net.`,
        Addresses: prefixes,
        AllowedIPs: [...prefixes, ...leadsTo],
        ...(found.tags === undefined ? {} : { Tags: found.tags }),
      },
      UserProfile: { LoginName: found.tags === undefined ? found.login : "tagged-devices" },
    };
  }

  function status(): object {
    if (daemon.self === undefined) return { BackendState: "NeedsLogin", Self: null };
    const { id, addresses, name, tags } = daemon.self;
    const peers = [...daemon.nodes].map(([address, node]) => [
      `nodekey:${node.id}`,
      {
        ID: node.id,
        HostName: node.name,
        DNSName: `${node.name}.tail1234.ts.net.`,
        TailscaleIPs: [address],
        Online: true,
      },
    ]);
    return {
      BackendState: "Running",
      Self: {
        ID: id,
        HostName: name,
        DNSName: `${name}.tail1234.ts.net.`,
        TailscaleIPs: addresses,
        Tags: tags ?? null,
      },
      Peer: Object.fromEntries(peers) as object,
    };
  }

  const server = createServer((request, response) => {
    const { url = "", headers } = request;
    daemon.asked.push({ path: url, headers });
    if (daemon.broken === "silence") return;
    if (daemon.broken === "error") return void response.writeHead(500).end("no");
    if (daemon.broken === "garbage") return void response.writeHead(200).end("{");
    // As the real one does, so that no page of a browser is answered.
    if (headers.host !== "local-tailscaled.sock" || headers.origin !== undefined || headers.referer !== undefined) {
      return void response.writeHead(403).end("invalid localapi request");
    }
    const asked = new URL(url, "http://localhost");
    const address =
      asked.searchParams
        .get("addr")
        ?.replace(/:\d+$/, "")
        .replace(/^\[|\]$/g, "") ?? "";
    const answer = asked.pathname === "/localapi/v0/status" ? status() : whois(address);
    response
      .writeHead(answer === undefined ? 404 : 200)
      .end(answer === undefined ? "no match" : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(daemon.socket, resolve));
  return Object.assign(daemon, {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      directory[Symbol.dispose]();
    },
  });
}
