import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Admission } from "../http/gate.ts";
import { REFUSALS, refuse, refuseUpgrade } from "../http/refusal.ts";
import { isLarge, routeOf } from "../http/routes.ts";
import { createHubEnd, type HubEndOptions } from "./hub-end.ts";
import type { Links } from "./links.ts";
import { createProxy, type Forwarded } from "./proxy.ts";

/** What an agent does as a hub: it takes the links of workers, and leads to them what is asked of them. */
export interface Uplinks {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, admission: Admission): void;
  forward(request: IncomingMessage, response: ServerResponse, admission: Admission): Promise<void>;
}

export function createUplinks(options: HubEndOptions): Uplinks {
  const hubEnd = createHubEnd(options);
  const proxy = createProxy(options);
  return {
    upgrade(request, socket, head, admission) {
      if (admission.route.kind === "uplink") return hubEnd.upgrade(request, socket, head, admission);
      const to = destination(admission, options.links);
      if (to === undefined) return refuseUpgrade(socket, request.url ?? "/", REFUSALS.notFound());
      proxy.upgrade(request, socket, head, to);
    },
    async forward(request, response, admission) {
      const to = destination(admission, options.links);
      if (to === undefined) return refuse(request, response, REFUSALS.notFound());
      await proxy.forward(request, response, to);
    },
  };
}

function destination({ route, url, caller }: Admission, links: Pick<Links, "list">): Forwarded | undefined {
  if (route.kind !== "on" || caller === undefined) return undefined;
  const { worker, path } = route;
  if (caller.handler?.kind === "terminal") {
    const { worker: own } = caller.handler.settings;
    if (!links.list().some(({ id, name }) => id === own && (worker === id || worker === name))) return undefined;
  }
  return { worker, path: `${path}${url.search}`, lane: isLarge(routeOf(path)) ? "bulk" : "interactive", caller };
}
