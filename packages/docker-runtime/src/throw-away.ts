import type { Engine } from "./engine.ts";
import { INSTANCE_LABEL, labelFilter, ROLE_LABEL } from "./labels.ts";
import { containerLogs } from "./logs.ts";

/** Runs a container to its end and removes it, whatever happens. The output is told where it failed. */
export async function runThrowAway(
  engine: Engine,
  spec: object,
  signal?: AbortSignal,
): Promise<{ code: number; output: string }> {
  const helper = await engine.call((docker) => docker.createContainer({ ...spec }), signal);
  try {
    const exit = engine.call(
      (docker) => docker.getContainer(helper.id).wait({ condition: "next-exit" }) as Promise<{ StatusCode: number }>,
      signal,
    );
    exit.catch(() => undefined);
    await engine.call((docker) => docker.getContainer(helper.id).start() as Promise<unknown>, signal);
    const { StatusCode: code } = await exit;
    return { code, output: code === 0 ? "" : await outputOf(engine, helper.id, signal) };
  } finally {
    // Not under the caller's signal: a cancelled start must not leave it behind.
    await engine.attempt(
      [404, 409],
      (docker) => docker.getContainer(helper.id).remove({ force: true, v: true }) as Promise<unknown>,
    );
  }
}

/** Removes those of a role that an agent left behind when it was killed, with what they kept. None of that role may be in use. */
export async function sweepThrowAways(
  engine: Engine,
  { instance, role }: { instance: string; role: string },
  signal?: AbortSignal,
): Promise<void> {
  const filters = {
    label: [`${INSTANCE_LABEL}=${instance}`, `${ROLE_LABEL}=${role}`],
    status: ["created", "exited"],
  };
  const stale = await engine.call((docker) => docker.listContainers({ all: true, filters }), signal);
  if (stale.length === 0) return;
  const workspaces = await engine.call(
    (docker) => docker.listContainers({ all: true, filters: labelFilter(instance) }),
    signal,
  );
  // An image may carry labels of its own: a workspace's container is never one of these.
  const kept = new Set(workspaces.map((container) => container.Id));
  for (const { Id: id } of stale.filter((container) => !kept.has(container.Id))) {
    await engine.attempt(
      [404, 409],
      (docker) => docker.getContainer(id).remove({ force: true, v: true }) as Promise<unknown>,
      signal,
    );
  }
}

async function outputOf(engine: Engine, helper: string, signal?: AbortSignal): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const { bytes } of containerLogs(engine, helper, { ...(signal && { signal }) })) pieces.push(bytes);
  return Buffer.concat(pieces).toString().trim();
}
