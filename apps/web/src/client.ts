import { createTanstackQueryUtils } from "@orpc/tanstack-query";
import { createAgentClient, type AgentClient, type AgentClientOptions } from "@ws/rpc-contract/client";
import type { Timers } from "@ws/rpc-contract/terminal-client";
import { createSession, type Session } from "./session.ts";
import type { ThemeStore } from "./theme.ts";
import { fileAddress, refusalOf } from "./file-address.ts";
import { watchStream } from "./stream-watchdog.ts";

/** What the screens stand on: the typed client, its query helpers, the session, and terminal sockets. */
export interface Services {
  client: AgentClient;
  queries: ReturnType<typeof createTanstackQueryUtils<AgentClient>>;
  session: Session;
  theme: ThemeStore;
  timers: Timers;
  random: () => number;
  openTerminalSocket: (workspace: string) => WebSocket;
  /** A file's bytes, or with `format` a folder as an archive. Rejects like the client does where it is refused. */
  fetchFile: (workspace: string, path: string, options: FetchFileOptions) => Promise<Response>;
}

export interface FetchFileOptions {
  format?: "zip" | "tar";
  signal: AbortSignal;
}

export interface ServicesOptions {
  /** The agent's own origin, without a path. */
  origin: string;
  storage: Storage;
  fetch: typeof fetch;
  theme: ThemeStore;
  timers: Timers;
  random: () => number;
}

type AgentFetch = NonNullable<AgentClientOptions["fetch"]>;

/** The agent sends a keep-alive every five seconds; two missed ones mean that the link is gone. */
const STREAM_IDLE_MS = 12_000;

export function createServices(options: ServicesOptions): Services {
  const { origin, storage, theme, timers, random } = options;
  const session: Session = createSession({
    storage,
    exchange: (code) => anonymous().auth.exchange({ code }),
    probe: (token) => bearing(token).info(),
    revoke: ({ token, id }) => bearing(token, lastingFetch).tokens.revoke({ token: id }),
  });
  const client = createAgentClient({ url: origin, token: session.token, fetch: guardedFetch });
  return {
    client,
    queries: createTanstackQueryUtils(client),
    session,
    theme,
    timers,
    random,
    openTerminalSocket: (workspace) =>
      new WebSocket(`${origin.replace(/^http/, "ws")}/terminal/${encodeURIComponent(workspace)}`),
    async fetchFile(workspace, path, { format, signal }) {
      const query = format === undefined ? "" : `?format=${format}`;
      const headers = { authorization: `Bearer ${session.token() ?? ""}` };
      const request = new Request(`${origin}${fileAddress(workspace, path)}${query}`, { headers, signal });
      const response = await guardedFetch(request, {});
      if (!response.ok) throw await refusalOf(response);
      return response;
    },
  };

  /** For one token, whatever the session holds meanwhile. */
  function bearing(token: string, fetch: AgentFetch = options.fetch): AgentClient {
    return createAgentClient({ url: origin, token: () => token, fetch });
  }

  /** Sent to the end also where the tab is closed meanwhile. */
  function lastingFetch(...[request, init]: Parameters<AgentFetch>): Promise<Response> {
    return options.fetch(request, { ...init, keepalive: true });
  }

  function anonymous(): AgentClient {
    return createAgentClient({ url: origin, fetch: options.fetch });
  }

  /** Ends the session on a 401, so that every screen returns to sign-in from one place. */
  async function guardedFetch(request: Request, init: { redirect?: Request["redirect"] }): Promise<Response> {
    const response = await options.fetch(request, init);
    const token = request.headers.get("authorization")?.replace(/^Bearer /, "");
    if (response.status === 401 && token !== undefined) {
      session.end(
        {
          code: "unauthorized",
          message: "This browser's sign-in has expired or was revoked.",
          next: "Open a new one-time link: run ws open on the worker.",
        },
        token,
      );
    }
    return watchStream(response, STREAM_IDLE_MS, timers);
  }
}
