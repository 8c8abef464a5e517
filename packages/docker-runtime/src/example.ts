import { createDockerRuntime, type EngineAddress } from "./index.ts";
import type { Clock, Log, PlaceSpec } from "@ws/workspace-core";

export async function hello(engine: EngineAddress, imageDirectory: string, clock: Clock, log: Log): Promise<string> {
  const runtime = createDockerRuntime({ instance: "example", imageDirectory, engine, clock, log });
  await runtime.prepare({ report: ({ message, percent }) => log.info(message, { percent }) });
  const spec: PlaceSpec = { id: "ws-4f9c21", name: "hello", profile: "person", limits: { cpus: 1 } };
  await runtime.create(spec); // a container `workspace-hello` and a volume `workspace-ws-4f9c21-home`
  await runtime.start(spec);
  try {
    await using box = await runtime.open(spec.id);
    const greeting = await box.run(["echo", "hello from", box.user]);
    let said = "";
    for await (const bytes of greeting.stdout) said += Buffer.from(bytes).toString();
    return said;
  } finally {
    await runtime.remove(spec.id); // both of them
    await runtime.teardown(); // the network and its firewall
  }
}
