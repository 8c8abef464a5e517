import { createTanstackQueryUtils } from "@orpc/tanstack-query";
import { createAgentClient, type AgentClient, type AgentClientOptions } from "@ws/rpc-contract/client";
import { createConnection, watchStream, type Connection } from "@ws/rpc-contract/connection";
import { SUBPROTOCOL, TOKEN_SUBPROTOCOL } from "@ws/rpc-contract/frames";
import type { Timers } from "@ws/rpc-contract/terminal-client";
import { describeBrowser } from "./browser-name.ts";
import { loadAgain } from "./components/lazy-part.ts";
import type { InstallOffer } from "./install/offer.ts";
import { createNewsChoices, type NewsChoices } from "./notifications/choices.ts";
import { codeInFragment, createSession, type Session } from "./session.ts";
import type { LookStore } from "./terminal-look/look.ts";
import type { ThemeStore } from "./theme.ts";
import { signInOver } from "./problem-words.ts";
import { fileAddress, refusalOf } from "./file-address.ts";

/** What the screens stand on: the typed client, its query helpers, the session, and terminal sockets. */
export interface Services {
  client: AgentClient;
  queries: Queries;
  /** The worker that all this is about, by its name at the hub whose page this is; absent where the page is the worker's own. */
  worker: string | undefined;
  /** The agent whose page this is, which knows the workers that it is the hub of. */
  hub: Queries;
  session: Session;
  theme: ThemeStore;
  /** What somebody who is away is told of by this browser. */
  news: NewsChoices;
  terminalLook: LookStore;
  install: InstallOffer;
  timers: Timers;
  random: () => number;
  /** The way to the agent, for all that the page keeps open. */
  connection: Connection;
  /** A worker behind the agent whose page this is. */
  behind: (worker: string) => AgentClient;
  /** Where there is a `worker`, it is opened with the token, this one or the session's, which must not be sent to that. */
  openTerminalSocket: (workspace: string, token?: string) => WebSocket;
  /** A file's bytes, or with `format` a folder as an archive. Rejects like the client does where it is refused. */
  fetchFile: (workspace: string, path: string, options: FetchFileOptions) => Promise<Response>;
  /** What an attempt of a task has said until now, as a file. Rejects like the client does where it is refused. */
  fetchTaskLog: (task: string, attempt: number, signal: AbortSignal) => Promise<Response>;
}

type Queries = ReturnType<typeof createTanstackQueryUtils<AgentClient>>;

export interface FetchFileOptions {
  format?: "zip" | "tar";
  signal: AbortSignal;
}

export interface ServicesOptions {
  /** The agent's own origin, without a path. */
  origin: string;
  /** A worker behind that agent. Who signs in, signs in to the agent. */
  worker?: string | undefined;
  storage: Storage;
  fetch: typeof fetch;
  theme: ThemeStore;
  terminalLook: LookStore;
  install: InstallOffer;
  timers: Timers;
  random: () => number;
  /** Has the listener called whenever the network may have come back. */
  wake?: (listener: () => void) => () => void;
}

type AgentFetch = NonNullable<AgentClientOptions["fetch"]>;

export function createServices(options: ServicesOptions): Services {
  const { origin, worker, storage, theme, terminalLook, install, timers, random, wake } = options;
  const url = worker === undefined ? origin : `${origin}/on/${worker}`;
  const connection = createConnection({ timers, random, ...(wake && { wake }) });
  const session: Session = createSession({
    storage,
    exchange: (code) => anonymous().auth.exchange({ code, platform: describeBrowser(navigator.userAgent).platform }),
    async pair(code) {
      const { pairBrowser } = await loadAgain(() => import("./pair-browser.ts"), timers);
      return pairBrowser(anonymous(), code, navigator.userAgent);
    },
    async codeOfTailnet() {
      const { url } = await createAgentClient({ url: origin, fetch: fetchByTailnet }).auth.link();
      return codeInFragment(new URL(url).hash) ?? "";
    },
    probe: (token) => bearing(token).info(),
    revoke: ({ token, id }) => bearing(token, lastingFetch).devices.revoke({ device: id }),
  });
  const client = createAgentClient({ url, token: session.token, fetch: guardedFetch });
  const queries = createTanstackQueryUtils(client);
  const hub =
    worker === undefined ? client : createAgentClient({ url: origin, token: session.token, fetch: guardedFetch });
  return {
    client,
    queries,
    worker,
    hub: worker === undefined ? queries : createTanstackQueryUtils(hub, { path: ["hub"] }),
    session,
    theme,
    news: createNewsChoices(storage),
    terminalLook,
    install,
    timers,
    random,
    connection,
    behind: (name) => createAgentClient({ url: `${origin}/on/${name}`, token: session.token, fetch: guardedFetch }),
    openTerminalSocket(workspace, token = session.token()) {
      const address = `${url.replace(/^http/, "ws")}/terminal/${encodeURIComponent(workspace)}`;
      if (worker === undefined) return new WebSocket(address);
      return new WebSocket(address, [SUBPROTOCOL, `${TOKEN_SUBPROTOCOL}${token ?? ""}`]);
    },
    fetchFile(workspace, path, { format, signal }) {
      const query = format === undefined ? "" : `?format=${format}`;
      return fetchBytes(`${fileAddress(workspace, path)}${query}`, signal);
    },
    fetchTaskLog: (task, attempt, signal) =>
      fetchBytes(`/tasks/${encodeURIComponent(task)}/log?attempt=${attempt}`, signal),
  };

  async function fetchBytes(address: string, signal: AbortSignal): Promise<Response> {
    const headers = { authorization: `Bearer ${session.token() ?? ""}` };
    const response = await guardedFetch(new Request(`${url}${address}`, { headers, signal }), {});
    if (!response.ok) throw await refusalOf(response);
    return response;
  }

  /** For one token, whatever the session holds meanwhile. */
  function bearing(token: string, fetch: AgentFetch = options.fetch): AgentClient {
    return createAgentClient({ url: origin, token: () => token, fetch });
  }

  /** Sent to the end also where the tab is closed meanwhile. */
  function lastingFetch(...[request, init]: Parameters<AgentFetch>): Promise<Response> {
    return options.fetch(request, { ...init, keepalive: true });
  }

  /** Only who asks for it so is known by the tailnet: this header is sent by no page of another site. */
  function fetchByTailnet(...[request, init]: Parameters<AgentFetch>): Promise<Response> {
    request.headers.set("authorization", "Tailnet");
    return options.fetch(request, init);
  }

  function anonymous(): AgentClient {
    return createAgentClient({ url: origin, fetch: options.fetch });
  }

  /** Ends the session on a 401, so that every screen returns to sign-in from one place. */
  async function guardedFetch(request: Request, init: { redirect?: Request["redirect"] }): Promise<Response> {
    const response = await options.fetch(request, init);
    const token = request.headers.get("authorization")?.replace(/^Bearer /, "");
    if (response.status === 401 && token !== undefined) {
      // Who answered so may be the worker, which has no say in it.
      if (request.url.startsWith(`${origin}/on/`)) hub.auth.whoami().catch(() => undefined);
      else session.end(signInOver(await reasonOf(response.clone())), token);
    }
    // An answer in place of the worker is no sign of it.
    const isOfWorker = request.url.startsWith(`${url}/`) && (worker === undefined || response.status !== 412);
    return watchStream(response, { timers, ...(isOfWorker && { heard: connection.heard }) });
  }
}

/** What is wrong with the token, as the agent says it to the RPC client and to everybody else. */
async function reasonOf(refusal: Response): Promise<unknown> {
  const body = (await refusal.json().catch(() => undefined)) as { json?: Refused } & Refused;
  return (body?.json ?? body)?.data?.details?.reason;
}

interface Refused {
  data?: { details?: { reason?: unknown } };
}
