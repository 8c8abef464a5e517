import { createLocalRuntime } from "./index.ts";
import type { Clock, Log, PlaceSpec } from "@ws/workspace-core";

export async function hello(directory: string, clock: Clock, log: Log): Promise<string> {
  const runtime = createLocalRuntime({ instance: "example", directory, clock, log });
  const { isolation, remarks } = await runtime.status(); // "sandbox" or "none", and what that means
  log.info(`isolation: ${isolation}`, { remarks });
  const spec: PlaceSpec = { id: "ws-4f9c21", name: "hello", profile: "person", limits: {} };
  await runtime.create(spec); // the directories `ws-4f9c21` and `.ws-4f9c21`
  await runtime.start(spec);
  try {
    await using box = await runtime.open(spec.id);
    const repository = box.repositoryDirectory("any"); // the workspace's directory itself
    await box.files.write(`${repository}/greeting`, new TextEncoder().encode("hello from a directory\n"));
    const greeting = await box.run(["cat", "greeting"], { cwd: repository });
    let said = "";
    for await (const bytes of greeting.stdout) said += Buffer.from(bytes).toString();
    return said;
  } finally {
    await runtime.remove(spec.id); // its processes and both directories
  }
}
