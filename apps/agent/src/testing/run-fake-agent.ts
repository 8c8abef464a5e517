import { startAgent } from "../agent.ts";
import { configDirectory } from "../paths.ts";
import { createFakeAdapters } from "./fake-adapters.ts";

// A real agent process on a worker in memory, for tests that need a process: locks, signals, permissions.
const agent = await startAgent({
  configDirectory: configDirectory(process.env),
  env: process.env,
  write: (text) => process.stdout.write(text),
  adapters: () => createFakeAdapters(),
}).catch((error: { code?: string; message: string; next?: string }) => {
  console.error(JSON.stringify({ code: error.code, message: error.message, next: error.next }));
  return process.exit(1);
});
console.log(`healthy ${agent.url} ${agent.socket}`);
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void agent.close().then(() => process.exit(0)));
}
