// Run as an ordinary user: makes a sandboxed place and prints what it finds there.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createLocalRuntime } from "../index.ts";
import { listProcesses, namespaceOf } from "../processes.ts";
import { finish, newId, realClock, recordOf, silentLog, text } from "./subject.ts";

const base = process.argv[2] ?? "";
const directory = join(base, "workspaces");
const runtime = createLocalRuntime({
  instance: "test",
  directory,
  clock: realClock,
  log: silentLog,
  sandbox: "bubblewrap",
});
const spec = { id: newId(), name: "ordinary", profile: "person", limits: {} } as const;
await runtime.create(spec);
await runtime.start(spec);
const box = await runtime.open(spec.id);
const sh = (script: string) => finish(box, ["sh", "-c", script]);
await sh("echo from another entry >/tmp/shared");
const pty = await box.openPty(["stty", "size"], { size: { cols: 90, rows: 30 } });
const size = (await text(pty.output)).trim();
const found = {
  isolation: (await runtime.status()).isolation,
  id: (await sh('echo "$(id -u) $(id -g) $(id -un)"')).stdout.trim(),
  capabilities: (await sh("grep CapEff /proc/self/status")).stdout.split("\t")[1]?.trim(),
  secret: (await finish(box, ["ls", join(base, "secret")])).code,
  shared: (await sh("cat /tmp/shared")).stdout,
  terminal: { ...(await pty.exit), size },
  processes: (await sh("ps -eo comm=")).stdout.match(/node|vitest|dockerd/g) ?? [],
};
const namespace = recordOf(directory, spec.id).holder?.namespace;
await runtime.stop(spec.id);
const left = listProcesses().filter(({ pid }) => namespaceOf(pid, "pid") === namespace);
await runtime.remove(spec.id);
console.log(JSON.stringify({ ...found, afterStop: [...left, ...readdirSync(directory)] }));
