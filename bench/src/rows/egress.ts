import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { adopt } from "../adopt.ts";
import { every, medianAtLeast, ratioAtLeast } from "../bars.ts";
import { interleave, timed } from "../harness.ts";
import type { Row } from "../row.ts";
import type { Worker } from "../worker/worker.ts";

const BYTES = 134_217_728;
const PORT = 18_090;
const SERVE = `truncate --size ${BYTES} large && (setsid python3 -m http.server ${PORT} > /dev/null 2>&1 &) &&
  curl --silent --head --retry 20 --retry-connrefused --retry-delay 1 http://127.0.0.1:${PORT}/large > /dev/null && hostname -i`;

/** A download in a workspace without a network, in a tunnel of its proxy, beside the same from this machine without either. */
export const egress: Row = {
  name: "egress",
  title: "a download of 128 MiB in a workspace of the profile agent",
  async measure({ peers, workers, cleanup, signal }) {
    await peers.engine.require();
    const worker = await adopt(cleanup, workers.start({ environment: { WS_RUNTIME: "docker" } }));
    const { client } = worker;
    await client.workspaces.create({ name: "bench-internet" }, { signal });
    await client.workspaces.create({ name: "bench-closed", profile: "agent" }, { signal });
    const address = (await said(worker, "bench-internet", SERVE, signal)).trim();
    await client.egress.allow({ name: "bench-closed", rule: `${address}:${PORT}/private` }, { signal });
    const url = `http://${address}:${PORT}/large`;
    const download = `curl --silent --fail --proxytunnel --output /dev/null --write-out '%{time_total}' ${url}`;
    const samples = await interleave({
      ours: async () => rate(Number(await said(worker, "bench-closed", download, signal)) * 1_000),
      peer: async () => rate(await timed(() => downloadHere(url, signal))),
      rounds: 10,
      restMs: 250,
      signal,
    });
    return {
      unit: "MB/s",
      better: "higher",
      ours: samples.ours,
      peer: { name: "without a workspace", samples: samples.peer },
      bar: every(ratioAtLeast(0.1), medianAtLeast(40, "MB/s")),
    };
  },
};

function rate(ms: number): number {
  return BYTES / 1_000 / ms;
}

async function downloadHere(url: string, signal: AbortSignal): Promise<void> {
  const [answer] = (await once(get(url, { agent: false, signal }), "response")) as [IncomingMessage];
  let length = 0;
  for await (const part of answer) length += (part as Buffer).length;
  if (length !== BYTES) throw new Error(`${length} bytes came of ${BYTES}.`);
}

async function said({ client }: Worker, name: string, command: string, signal: AbortSignal): Promise<string> {
  const { stdout, stderr, exitCode } = await client.workspaces.exec({ name, command, timeout: 120_000 }, { signal });
  if (exitCode !== 0) throw new Error(`'${command}' ended with ${exitCode}: ${stderr}`);
  return stdout;
}
