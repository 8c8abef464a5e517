import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { WsError, type Clock, type Policies, type WorkspaceId, type WorkspacePorts } from "@ws/workspace-core";
import type { Caller } from "../access/caller.ts";
import type { Sessions } from "../access/sessions.ts";
import type { Throttle } from "../access/throttle.ts";
import type { Transport } from "../http/gate.ts";
import type { Report } from "../rpc/report.ts";
import type { State } from "../store/store.ts";
import { previewAddress, previewOrigin, type PreviewAddress, type Reached } from "./host.ts";
import { createPreviewKeys } from "./keys.ts";
import type { Serving } from "./serve.ts";

export interface PreviewsOptions {
  /** Below which previews are, beside localhost; none where empty. */
  domain: () => string;
  /** The dashboard's address without a path. */
  dashboard: () => string;
  /** Whether what lets a browser in may cross this connection of TCP. */
  isPrivate: (socket: Socket) => boolean;
  workspaces: () => Promise<{
    ports: Pick<WorkspacePorts, "connect" | "list">;
    policies: Pick<Policies, "demandExecute">;
  }>;
  state: Pick<State, "workspaces" | "audit">;
  sessions: Pick<Sessions, "use">;
  throttle: Throttle;
  report: Report;
  clock: Pick<Clock, "monotonic" | "now">;
  /** Aborts when the agent goes away. */
  closing: AbortSignal;
}

/** The pages of programs in workspaces, each under a host name of its own, so that none has anything of the dashboard's or of another's. */
export interface Previews {
  /** Which one a request is for, by its host alone; undefined where it is the agent's own. What is for one reaches nothing else. */
  of(request: IncomingMessage): PreviewAddress | "malformed" | undefined;
  serve(request: IncomingMessage, response: ServerResponse, transport: Transport): Promise<void>;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, transport: Transport): Promise<void>;
  /** A link for one browser, once, within a minute. Throws `workspace_not_found`, `command_not_allowed`, `preview_unavailable`. */
  open(
    caller: Caller,
    address: PreviewAddress,
    reached: Reached,
  ): Promise<{ url: string; expiresAt: number; code: string }>;
}

export function createPreviews(options: PreviewsOptions): Previews {
  const { domain, dashboard, workspaces, state, clock, closing } = options;
  const keys = createPreviewKeys(clock);
  const of = (request: IncomingMessage): ReturnType<Previews["of"]> => previewAddress(request.headers.host, domain());
  let loading: Promise<Serving> | undefined;
  /** Loaded when the first one is looked at. */
  const load = (): Promise<Serving> =>
    (loading ??= import("./serve.ts").then(({ createServing }) => createServing({ ...options, keys, of })));

  return {
    of,
    serve: async (request, response, transport) => (await load()).serve(request, response, transport),
    upgrade: async (request, socket, head, transport) => (await load()).upgrade(request, socket, head, transport),
    async open(caller, address, reached) {
      const { policies } = await workspaces();
      // What listens there may run anything, and knows no rules for paths.
      policies.demandExecute(address.workspace, { terminal: true }, caller.policy);
      if (caller.countedFor !== undefined) throw notLed();
      const origin = previewOrigin(address, { reached, dashboard: dashboard(), domain: domain() });
      if (origin === undefined) throw notReached(address);
      const workspace = state.workspaces.getByName(address.workspace)?.id as WorkspaceId;
      const { token } = caller;
      // It is looked at over other connections than the one that asks for it.
      const gone = token === undefined ? closing : AbortSignal.any([token.stays?.() ?? token.gone, closing]);
      const { code, expiresAt } = keys.code({ workspace, name: address.workspace, port: address.port, caller, gone });
      return { url: `${origin}/.ws/enter#code=${code}`, expiresAt, code };
    },
  };
}

function notReached({ workspace, port }: PreviewAddress): WsError<"preview_unavailable"> {
  return new WsError("preview_unavailable", {
    message: `No host name leads a browser of that device to a preview of '${workspace}'.`,
    next: `Bring the port there: ws forward ${workspace} ${port}. Or give the worker a domain of which every name leads to it: ws config set previews.domain NAME.`,
    data: { name: workspace, port },
  });
}

function notLed(): WsError<"preview_unavailable"> {
  return new WsError("preview_unavailable", {
    message: "A hub does not lead to previews: they are at the worker's own address.",
    next: "Bring the port here: ws forward NAME PORT. Or ask the worker itself.",
    data: {},
  });
}
