import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificates } from "@ws/git-provider/testing";
import { describe, expect, test } from "vitest";
import { startAgentProcess, type AgentProcess, type CommandResult } from "../support/agent-process.ts";
import { makeClientCertificate } from "../support/client-certificates.ts";
import { shareAgent } from "../support/share-agent.ts";
import { openWatchedWay, type WatchedWay } from "../support/watched-way.ts";

describe("a worker that answers beyond its machine (row 13, plain HTTP sniffed)", () => {
  let agent: AgentProcess;
  let way: WatchedWay;
  /** Directories of other devices, and of certificates. */
  let home: string;

  shareAgent(async (parts) => {
    home = await mkdtemp(join(tmpdir(), "ws-e2e-"));
    parts.defer(() => rm(home, { recursive: true, force: true }));
    agent = parts.use(
      await startAgentProcess({ env: { WS_RUNTIME: "local", WS_HOST: "0.0.0.0", WS_TLS: "self", WS_TAILNET: "off" } }),
    );
    way = parts.use(await openWatchedWay(Number(new URL(agent.url).port)));
    return agent;
  });

  /** Runs the command line as a device of that name, which knows nothing of the worker but what it was told. */
  const on = (device: string, args: readonly string[], env: Record<string, string> = {}): Promise<CommandResult> =>
    agent.ws(args, { env: { WS_CONFIG_DIR: join(home, device), ...env } });

  const kept = async (device: string): Promise<{ workers: Record<string, { token: string; pin: string }> }> =>
    JSON.parse(await readFile(join(home, device, "client.json"), "utf8"));

  async function pair(device: string): Promise<{ result: CommandResult; code: string }> {
    const { code } = await agent.client.pairing.open({});
    return { result: await on(device, ["pair", way.url, code]), code };
  }

  test("is not started without TLS, and both ways to go on are told", async () => {
    const refused = await on("second", ["agent", "run", "--listen", "0.0.0.0", "--port", "0"], {
      WS_TLS: "off",
      WS_HOST: "",
    });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("unsafe_listen");
    for (const way of ["--listen 0.0.0.0 --tls", "ssh -L", "--insecure-listen"]) expect(refused.stderr).toContain(way);
  });

  test("gives nothing to who copies every byte: neither code nor token, neither what is asked nor what is answered", async () => {
    const { result, code } = await pair("laptop");
    expect(result).toMatchObject({ code: 0 });
    expect(await on("laptop", ["start", "demo"])).toMatchObject({ code: 0 });
    expect(await on("laptop", ["exec", "demo", "--", "echo", "said-in-secret"])).toMatchObject({
      stdout: "said-in-secret\n",
    });
    const [worker] = Object.values((await kept("laptop")).workers);
    const bytes = way.copied();
    expect(bytes.length).toBeGreaterThan(2_000);
    for (const secret of [worker?.token ?? "", code, code.replace("-", ""), "said-in-secret", "/rpc/"]) {
      expect(secret).not.toBe("");
      expect(bytes.includes(secret)).toBe(false);
    }
  });

  test("is not mistaken for who ends TLS with a certificate of his own: no pairing, no request, nothing kept (man in the middle)", async () => {
    const devices = await agent.client.devices.list();
    way.between(await makeCertificates(home, []));
    const { result } = await pair("phone");
    expect(result.code).not.toBe(0);
    expect(result.stderr).toContain("pairing_failed");
    await expect(kept("phone")).rejects.toMatchObject({ code: "ENOENT" });
    expect(await agent.client.devices.list()).toEqual(devices);
    const before = way.understood().length;
    for (const args of [["list"], ["file", "read", "demo", "x"], ["exec", "demo", "--", "true"]]) {
      const refused = await on("laptop", args);
      expect(refused.stdout).toBe("");
      expect(refused.stderr).toContain("pin_mismatch");
    }
    expect(way.understood()).toHaveLength(before);
    way.between(undefined);
    expect(await on("laptop", ["list", "--json"])).toMatchObject({ code: 0 });
  });

  test("asks devices for a certificate where it was told to, and for their token none the less", async () => {
    const [client, stranger] = await Promise.all([
      makeClientCertificate(join(home, "authority")),
      makeClientCertificate(join(home, "stranger")),
    ]);
    await agent.stop();
    await agent.start({ WS_TLS_CLIENT_CA: client.authority });
    const config = await kept("laptop");
    const [name = ""] = Object.keys(config.workers);
    const show = (own: { cert: string; key: string }): Promise<void> =>
      writeFile(
        join(home, "laptop", "client.json"),
        JSON.stringify({
          worker: name,
          workers: { [name]: { ...config.workers[name], clientCert: own.cert, clientKey: own.key } },
        }),
      );
    const without = await on("laptop", ["list"]);
    await show(stranger);
    for (const refused of [without, await on("laptop", ["list"])]) {
      expect(refused.code).not.toBe(0);
      expect(refused.stdout).toBe("");
      // The worker's last word may be lost with the connection that it ends.
      expect(refused.stderr).toMatch(/client_certificate_needed|ended the connection/);
      expect(refused.stderr).toContain("clientCert and clientKey");
    }
    await show(client);
    expect((await on("laptop", ["list", "--json"])).stdout).toContain('"demo"');
    expect(await on("laptop", ["exec", "demo", "--", "echo", "here"])).toMatchObject({ code: 0, stdout: "here\n" });
    expect(await on("laptop", ["list"], { WS_TOKEN: "wst_wrong" })).toMatchObject({ code: 6, stdout: "" });
  });
});
