import {
  excerpt,
  parseHandler,
  WsError,
  type TerminalState,
  type WorkspaceId,
  type WorkspaceTerminals,
} from "@ws/workspace-core";
import { toAsciicast } from "../terminals/asciicast.ts";
import { SHARED_SECONDS } from "../uplink/shared-seconds.ts";
import type { Services } from "./context.ts";
import type { Guarded } from "./guard.ts";
import { untilGone } from "./until.ts";

export function terminalsRouter(guard: Guarded, services: Services) {
  const os = guard.terminals;
  const core = async (name: string) => (await services.ready()).workspaces.terminals(name);
  const idOf = (name: string): WorkspaceId => services.state.workspaces.getByName(name)?.id ?? ("" as WorkspaceId);

  function show(
    workspace: string,
    { durable }: WorkspaceTerminals,
    { id, name, size, start, end, createdAt, exit, recording }: TerminalState,
  ) {
    const title = services.terminals.title(idOf(workspace), id);
    return {
      id,
      name,
      ...(title === undefined ? {} : { title }),
      ...size,
      start,
      end,
      created: instant(createdAt),
      durable,
      viewers: services.terminals.viewers(idOf(workspace), id),
      ...(recording === undefined ? {} : { recording }),
      ...(exit === undefined ? {} : { exitCode: exit.code }),
    };
  }

  return os.router({
    list: os.list.handler(async ({ input: { name } }) => {
      const terminals = await core(name);
      return (await terminals.list()).map((state) => show(name, terminals, state));
    }),
    close: os.close.handler(async ({ input: { name, terminal } }) => {
      const terminals = await core(name);
      const { id } = await stateOf(terminals, name, terminal);
      await terminals.end(id);
      return { success: true };
    }),
    rename: os.rename.handler(async ({ input: { name, terminal, newName } }) => {
      const terminals = await core(name);
      const state = await stateOf(terminals, name, terminal);
      await terminals.rename(state.id, newName);
      services.terminals.renamed(idOf(name), state.id, newName);
      return show(name, terminals, { ...state, name: newName });
    }),
    record: os.record.handler(async ({ input: { name, terminal, on } }) => {
      const terminals = await core(name);
      const { id } = await stateOf(terminals, name, terminal);
      await terminals.record(id, on);
      return { success: true };
    }),
    recording: os.recording.handler(async ({ input: { name, terminal }, context, signal }) => {
      const terminals = await core(name);
      const { id } = await stateOf(terminals, name, terminal);
      const until = untilGone(services, context, signal);
      const pieces = toAsciicast(terminals.recording(id, until));
      const first = await pieces.next();
      if (first.done === true) throw noRecording(name, terminal);
      return (async function* () {
        yield { text: first.value };
        for await (const text of pieces) yield { text };
      })();
    }),
    share: os.share.handler(async ({ input: { name, terminal, ttlSeconds = SHARED_SECONDS } }) => {
      const shared = await stateOf(await core(name), name, terminal);
      const { token, id, expiresAt } = services.state.tokens.create({
        name: `watch ${name}/${terminal}`,
        scope: "workspace",
        workspace: idOf(name),
        handler: parseHandler({ kind: "terminal", settings: { repo: name, terminal: shared.id } }),
        ttlMs: ttlSeconds * 1_000,
      });
      services.redactor.add(token);
      // In the fragment, which browsers send to nobody.
      const url = `${services.dashboard()}/watch/${name}/${shared.id}#token=${token}`;
      return { url, token, id, expires: instant(expiresAt ?? 0) };
    }),
    links: os.links.handler(async ({ input: { name } }) => {
      const { workspaces } = await services.ready();
      const { id: workspace } = workspaces.get(name);
      const links = linksOf(workspace);
      const names = links.length === 0 ? new Map<string, string>() : await namesIn(name);
      return links.map(({ id, handler, createdAt, expiresAt = 0, lastUsedAt }) => ({
        id,
        terminal: names.get(handler.settings.terminal) ?? handler.settings.terminal,
        created: instant(createdAt),
        expires: instant(expiresAt),
        ...(lastUsedAt === undefined ? {} : { lastUsed: instant(lastUsedAt) }),
      }));
    }),
    unshare: os.unshare.handler(async ({ input: { name, link } }) => {
      const { workspaces } = await services.ready();
      const { id: workspace } = workspaces.get(name);
      if (!linksOf(workspace).some(({ id }) => id === link)) throw noLink(name, link);
      for (const gone of services.state.tokens.revoke(link)) services.sessions.revoke(gone);
      return { success: true };
    }),
  });

  function linksOf(workspace: WorkspaceId) {
    return services.state.tokens.list().flatMap((token) => {
      const { handler } = token;
      return token.workspace === workspace && handler?.kind === "terminal" ? [{ ...token, handler }] : [];
    });
  }

  /** Links outlast what they are for: neither has the workspace to run, nor the terminal to be there. */
  async function namesIn(name: string): Promise<Map<string, string>> {
    const states = await core(name)
      .then((terminals) => terminals.list())
      .catch(() => []);
    return new Map(states.map((state) => [state.id, state.name]));
  }
}

function noLink(name: string, link: string): WsError<"token_not_found"> {
  const id = excerpt(link);
  return new WsError("token_not_found", {
    message: `There is no link '${id}' to a terminal of '${name}', or none any more.`,
    next: `See them: ws terminal links ${name}.`,
    data: { token: id },
  });
}

function instant(at: number): string {
  return new Date(at).toISOString();
}

async function stateOf(terminals: WorkspaceTerminals, name: string, terminal: string): Promise<TerminalState> {
  const states = await terminals.list();
  const found = states.find((state) => state.name === terminal);
  if (found !== undefined) return found;
  throw new WsError("terminal_not_found", {
    message: `'${name}' has no terminal '${excerpt(terminal)}'.`,
    next: states.length === 0 ? `Open one first: ws shell ${name}.` : `See them: ws terminal list ${name}.`,
    data: { terminal: excerpt(terminal) },
  });
}

function noRecording(name: string, terminal: string): WsError<"terminal_not_found"> {
  return new WsError("terminal_not_found", {
    message: `The terminal '${terminal}' of '${name}' has not been recorded.`,
    next: `Begin to: ws terminal record ${name} ${terminal}.`,
    data: { terminal },
  });
}
