// An agent that is killed at any moment: makes, starts, uses, stops and removes places without an end.
import { createLocalRuntime } from "../index.ts";
import { finish, newId, realClock, silentLog } from "./subject.ts";

const { sandbox, ...orders } = JSON.parse(process.argv[2] ?? "") as {
  instance: string;
  directory: string;
  sandbox: "bubblewrap" | "none";
};
const runtime = createLocalRuntime({ ...orders, sandbox, clock: realClock, log: silentLog });
await runtime.prepare({ report: () => undefined });
console.log("busy");
for (;;) {
  const spec = { id: newId(), name: "busy", profile: "person", limits: {} } as const;
  await runtime.create(spec);
  await runtime.start(spec);
  const box = await runtime.open(spec.id);
  await finish(box, ["sh", "-c", "echo x >file; sleep 1000 >/dev/null 2>&1 & true"], { group: "work" });
  await runtime.stop(spec.id, { graceMs: 1_000 });
  await runtime.start(spec);
  await runtime.remove(spec.id);
}
