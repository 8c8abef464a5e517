// An agent that can open no more files: says what it then takes a running place for, and what it takes it for afterwards.
import { closeSync, openSync } from "node:fs";
import { createLocalRuntime } from "../index.ts";
import { newId, realClock, silentLog } from "./subject.ts";

const orders = JSON.parse(process.argv[2] ?? "") as { instance: string; directory: string };
const runtime = createLocalRuntime({ ...orders, sandbox: "none", clock: realClock, log: silentLog });
await runtime.prepare({ report: () => undefined });
const spec = { id: newId(), name: "crowded", profile: "person", limits: {} } as const;
await runtime.create(spec);

const ask = (): Promise<unknown> =>
  runtime.find(spec.id).then(
    (place) => place?.power,
    (error: Error) => error.message,
  );
async function watch(): Promise<unknown> {
  const events = runtime.events(AbortSignal.timeout(2_000))[Symbol.asyncIterator]();
  return events.next().then(
    ({ value }) => value as unknown,
    (error: Error) => error.message,
  );
}

const open: number[] = [];
function crowd(): void {
  try {
    for (;;) open.push(openSync("/dev/null", "r"));
  } catch {
    // As many as there may be.
  }
}
function clear(): void {
  for (const fd of open.splice(0)) closeSync(fd);
}

try {
  await runtime.start(spec);
  // What is loaded at the first use needs files too.
  await ask();
  crowd();
  const answers = [await ask(), await watch()];
  clear();
  answers.push(await ask());
  console.log(JSON.stringify(answers));
} finally {
  clear();
  await runtime.remove(spec.id);
}
