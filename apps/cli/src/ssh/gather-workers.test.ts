import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createContext } from "../context.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { gatherWorkers } from "./gather-workers.ts";

const KEY = `ssh-ed25519 ${"A".repeat(68)}`;
const ID = "0a".repeat(8);
const EVIL = `${ID}\nHost *\n  ProxyCommand id\n#`;

/** A worker that says this of itself, whoever asks. */
async function startWorker(worker: string, hostKey: string): Promise<string> {
  const server = createServer((request, response) => {
    const isKnown = request.url === "/rpc/ssh/setKey";
    response.writeHead(isKnown ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify({ json: isKnown ? { worker, hostKey } : {} }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What a device gathers that knows these workers, the first of which is its own. */
async function gather(
  workers: Record<string, [id: string, hostKey: string]>,
  before: Parameters<typeof gatherWorkers>[2],
) {
  const directory = mkdtempSync(join(tmpdir(), "ws-gather-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const known: Record<string, { url: string; token: string }> = {};
  for (const [name, said] of Object.entries(workers)) known[name] = { url: await startWorker(...said), token: "t" };
  const config = { worker: Object.keys(workers)[0], workers: known };
  writeFileSync(join(directory, "client.json"), JSON.stringify(config), { mode: 0o600 });
  const io = createFakeIo({ WS_CONFIG_DIR: directory });
  return { gathered: await gatherWorkers(createContext(io), "ssh-ed25519 AAAA", before), said: io.err() };
}

test("what no worker can be is gathered of none: the own one ends it, another stays as it was known", async () => {
  await expect(gather({ own: [EVIL, KEY] }, [])).rejects.toThrow("that no worker has");
  const desk = { name: "desk", id: "0b".repeat(8), hostKey: KEY };
  const { gathered, said } = await gather({ own: [ID, KEY], desk: [EVIL, KEY], box: [EVIL, KEY] }, [desk]);
  expect(gathered).toEqual([{ id: ID, hostKey: KEY }, { name: "own", id: ID, hostKey: KEY }, desk]);
  expect(said).toMatch(/^desk is not set up anew for SSH: [^]*\nbox is not set up anew for SSH: /);
});

test("a worker that says another's id with its own key is left out", async () => {
  const { gathered, said } = await gather({ own: [ID, KEY], evil: [ID, KEY.replace("AA", "BB")] }, []);
  expect(gathered).toEqual([
    { id: ID, hostKey: KEY },
    { name: "own", id: ID, hostKey: KEY },
  ]);
  expect(said).toContain("evil is left out of SSH");
});
