import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { CLOSE } from "@ws/rpc-contract/frames";
import { isWsError, type Clock, type Log } from "@ws/workspace-core";
import { WebSocketServer, type WebSocket } from "ws";
import type { Caller } from "../access/caller.ts";
import type { Admission } from "../http/gate.ts";
import { REFUSALS, refuseUpgrade, type Refusal } from "../http/refusal.ts";
import type { Audit } from "../store/audit.ts";
import type { WorkerRecord, WorkerStore } from "../store/workers.ts";
import { keepBeating } from "./heartbeat.ts";
import { isLane, type Lane } from "./lanes.ts";
import type { LinkReport, Links } from "./links.ts";
import { MAX_PAYLOAD, speakAsHub, WIRE_PATHS } from "./sessions.ts";
import { readStatuses } from "./status.ts";

export interface HubEndOptions {
  store: Pick<WorkerStore, "ofToken" | "bind">;
  links: Links;
  audit: Pick<Audit, "append">;
  /** This worker itself, which is not its own hub. */
  instance: string;
  clock: Clock;
  log: Log;
}

export interface HubEnd {
  /** A worker dials in; the gate has seen its token. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, admission: Admission): void;
}

/** Takes the links of workers. */
export function createHubEnd({ store, links, audit, instance: own, clock, log }: HubEndOptions): HubEnd {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_PAYLOAD });

  /** Which worker it is, bound to its token from the first time on. */
  function admit({ headers }: IncomingMessage, caller: Caller | undefined): WorkerRecord | { refusal: Refusal } {
    const record = caller?.token === undefined ? undefined : store.ofToken(caller.token.id);
    if (record === undefined) return { refusal: REFUSALS.unauthorized("unknown") };
    const instance = headers["x-ws-instance"];
    if (typeof instance !== "string" || !/^[0-9a-f]{8,64}$/.test(instance)) {
      return { refusal: REFUSALS.malformed("A worker says which one it is.") };
    }
    const isOther = record.instance !== undefined && record.instance !== instance;
    if (instance === own || isOther) {
      const { name } = record;
      audit.append({ who: `worker/${name}`, action: "workers.connect", target: name, outcome: "worker_conflict" });
      log.warn("a worker came with another's token", { worker: name });
      return { refusal: instance === own ? OWN : conflict(name) };
    }
    if (record.instance === undefined) {
      store.bind(record.id, instance);
      audit.append({ who: `worker/${record.name}`, action: "workers.connect", target: record.name, outcome: "ok" });
    }
    return record;
  }

  function serve(socket: WebSocket, record: WorkerRecord, lane: Lane, gone: AbortSignal | undefined): void {
    socket.on("error", (error) => log.debug("a worker's link failed", { worker: record.name, error }));
    const session = speakAsHub(socket, lane);
    const report = links.attach(record, lane, session);
    keepBeating(socket, clock, { onBeat: report.latency });
    if (lane === "interactive") {
      follow(session.open(WIRE_PATHS.status), report).catch((error: unknown) =>
        log.debug("a worker's status ended", { worker: record.name, error }),
      );
    }
    const end = (): void => {
      socket.close(CLOSE.unauthorized, isWsError(gone?.reason) ? gone.reason.message : "");
      session.destroy();
    };
    gone?.addEventListener("abort", end, { once: true });
    socket.once("close", () => gone?.removeEventListener("abort", end));
    if (gone?.aborted === true) end();
  }

  return {
    upgrade(request, socket, head, { url, caller }) {
      const lane = url.searchParams.get("lane");
      const record = isLane(lane)
        ? admit(request, caller)
        : { refusal: REFUSALS.malformed("There is no such lane of a link.") };
      if ("refusal" in record) return refuseUpgrade(socket, request.url ?? "/", record.refusal);
      server.handleUpgrade(request, socket, head, (opened) => serve(opened, record, lane as Lane, caller?.token?.gone));
    },
  };
}

async function follow(stream: Duplex, report: LinkReport): Promise<void> {
  for await (const status of readStatuses(stream)) report.status(status);
}

const OWN: Refusal = {
  status: 409,
  wire: "CONFLICT",
  code: "worker_conflict",
  message: "A worker cannot be its own hub.",
  next: "Name another machine's agent: ws agent run --hub URL.",
};

function conflict(name: string): Refusal {
  return {
    status: 409,
    wire: "CONFLICT",
    code: "worker_conflict",
    message: `This token belongs to the worker '${name}', which is another one.`,
    next: "Make one for this worker on the hub: ws worker add NAME.",
  };
}
