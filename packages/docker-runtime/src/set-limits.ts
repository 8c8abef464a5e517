import type { PlaceSpec } from "@ws/workspace-core";

import { DEFAULT_PROCESSES } from "./container-spec.ts";
import type { Containers } from "./containers.ts";
import type { Engine } from "./engine.ts";

/** What an engine changes of a container without making another one; it runs on meanwhile. */
export interface ChangedLimits {
  PidsLimit: number;
  NanoCpus?: number;
  Memory?: number;
  MemorySwap?: number;
}

/** Gives a workspace's container its limits, whether it runs or not. Does nothing where there is none. */
export async function setLimits(
  { engine, containers }: { engine: Engine; containers: Pick<Containers, "list"> },
  { id, limits }: Pick<PlaceSpec, "id" | "limits">,
  signal?: AbortSignal,
): Promise<void> {
  for (const { handle } of await containers.list(id, signal)) {
    const [{ HostConfig: has }, machine] = await Promise.all([
      engine.call((docker) => docker.getContainer(handle).inspect(), signal),
      engine.call((docker) => docker.info() as Promise<{ NCPU: number; MemTotal: number }>, signal),
    ]);
    const changed = changedLimits(limits, has, machine);
    await engine.call((docker) => docker.getContainer(handle).update({ ...changed }) as Promise<unknown>, signal);
  }
}

/**
 * To an engine 0 means "as it was", and it takes no word for "none": a limit that is taken away becomes all that the machine has. Memory and swap change
 * together, as memory alone would leave more in swap than there is of it.
 */
export function changedLimits(
  { cpus, memoryBytes, processes = DEFAULT_PROCESSES }: PlaceSpec["limits"],
  has: { NanoCpus?: number | undefined; Memory?: number | undefined },
  machine: { NCPU: number; MemTotal: number },
): ChangedLimits {
  const nanos = cpus === undefined ? ((has.NanoCpus ?? 0) > 0 ? machine.NCPU * 1e9 : undefined) : cpus * 1e9;
  const memory = memoryBytes ?? ((has.Memory ?? 0) > 0 ? machine.MemTotal : undefined);
  return {
    PidsLimit: processes,
    ...(nanos !== undefined && { NanoCpus: Math.round(nanos) }),
    ...(memory !== undefined && { Memory: memory, MemorySwap: memory }),
  };
}
