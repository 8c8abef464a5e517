import { createTerminals, createWorkspaces, statusOf, type Log } from "@ws/workspace-core";
import {
  createFakeBox,
  createFakeGit,
  createFakeRuntime,
  createManualClock,
  createMemoryStore,
} from "@ws/workspace-core/testing";

export async function hello(log: Log): Promise<string> {
  const clock = createManualClock();
  const echo = ({ argv }: { argv: readonly string[] }) => ({ stdout: `${argv.slice(1).join(" ")}\n` });
  await using workspaces = createWorkspaces({
    runtimes: [createFakeRuntime({ now: clock.now, openBox: (home, ended) => createFakeBox(home, ended, { echo }) })],
    store: createMemoryStore(),
    git: createFakeGit(),
    setup: { environment: async () => ({}), scripts: async () => [] },
    disk: { free: async () => ({ bytes: 50e9, totalBytes: 100e9, inodes: 1e6, totalInodes: 2e6 }) },
    clock,
    log,
    newId: () => "ws-4f9c21",
    openTerminals: (box) => createTerminals(box, { clock }),
  });
  const watching = new AbortController();
  const events = workspaces.events(watching.signal); // from now on, whoever causes them
  await workspaces.create({ name: "hello", clone: "https://git.example.test/acme/app" });
  const greeting = await workspaces.run("hello", ["echo", "hello from a workspace"]); // in the repository
  let said = "";
  for await (const bytes of greeting.stdout) said += new TextDecoder().decode(bytes);
  for await (const event of events) {
    if (event.type === "changed") log.info(`${event.record.name} is ${statusOf(event.record)}`);
    if (event.type === "changed" && event.record.phase === "ready") watching.abort();
  }
  return said;
}
