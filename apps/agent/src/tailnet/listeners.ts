import { once } from "node:events";
import type { Server } from "node:http";
import { createServer, type Server as NetServer } from "node:net";
import type { Log } from "@ws/workspace-core";

export interface Listeners {
  /** Listens at these addresses and at no others any more; one that cannot be had now is left out. */
  at(addresses: readonly string[]): Promise<void>;
  addresses(): readonly string[];
  servers(): readonly NetServer[];
}

/** Further addresses of a server that has one already, on the same port. */
export function createListeners(server: Server, port: number, log: Pick<Log, "info" | "warn">): Listeners {
  const open = new Map<string, NetServer>();
  /** What was said of those that failed. */
  const told = new Map<string, string>();

  async function listen(address: string): Promise<void> {
    const further = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit("connection", socket));
    try {
      further.listen({ host: address, port });
      await once(further, "listening");
    } catch (error) {
      const { code = String(error) } = error as NodeJS.ErrnoException;
      if (told.get(address) !== code)
        log.warn("this address of the tailnet cannot be listened on", { address, port, code });
      told.set(address, code);
      return;
    }
    further.on("error", (error) => log.warn("listening on the tailnet failed", { address, error }));
    open.set(address, further);
    told.delete(address);
    log.info("listening on the tailnet, too", { address, port });
  }

  return {
    async at(addresses) {
      for (const [address, further] of open) {
        if (addresses.includes(address)) continue;
        further.close();
        open.delete(address);
      }
      await Promise.all(addresses.filter((address) => !open.has(address)).map(listen));
    },
    addresses: () => [...open.keys()],
    servers: () => [...open.values()],
  };
}
