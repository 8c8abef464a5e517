import {
  excerpt,
  parseHandler,
  WsError,
  type TerminalState,
  type WorkspaceId,
  type WorkspaceTerminals,
} from "@ws/workspace-core";
import { toAsciicast } from "../terminals/asciicast.ts";
import type { Services } from "./context.ts";
import type { Guarded } from "./guard.ts";
import { untilGone } from "./until.ts";

const SHARED_SECONDS = 3_600;

export function terminalsRouter(guard: Guarded, services: Services) {
  const os = guard.terminals;
  const core = async (name: string) => (await services.ready()).workspaces.terminals(name);
  const idOf = (name: string): WorkspaceId => services.state.workspaces.getByName(name)?.id ?? ("" as WorkspaceId);

  return os.router({
    list: os.list.handler(async ({ input: { name } }) => {
      const workspace = idOf(name);
      const terminals = await core(name);
      return (await terminals.list()).map(({ id, size, start, end, createdAt, exit, recording }) => ({
        id,
        ...size,
        start,
        end,
        created: new Date(createdAt).toISOString(),
        durable: terminals.durable,
        viewers: services.terminals.viewers(workspace, id),
        ...(recording === undefined ? {} : { recording }),
        ...(exit === undefined ? {} : { exitCode: exit.code }),
      }));
    }),
    close: os.close.handler(async ({ input: { name, terminal } }) => {
      const terminals = await core(name);
      await stateOf(terminals, name, terminal);
      await terminals.end(terminal);
      return { success: true };
    }),
    record: os.record.handler(async ({ input: { name, terminal, on } }) => {
      const terminals = await core(name);
      await stateOf(terminals, name, terminal);
      await terminals.record(terminal, on);
      return { success: true };
    }),
    recording: os.recording.handler(async ({ input: { name, terminal }, context, signal }) => {
      const terminals = await core(name);
      await stateOf(terminals, name, terminal);
      const until = untilGone(services, context, signal);
      const pieces = toAsciicast(terminals.recording(terminal, until));
      const first = await pieces.next();
      if (first.done === true) throw noRecording(name, terminal);
      return (async function* () {
        yield { text: first.value };
        for await (const text of pieces) yield { text };
      })();
    }),
    share: os.share.handler(async ({ input: { name, terminal, ttlSeconds = SHARED_SECONDS } }) => {
      await stateOf(await core(name), name, terminal);
      const { token, id, expiresAt } = services.state.tokens.create({
        name: `watch ${name}/${terminal}`,
        scope: "workspace",
        workspace: idOf(name),
        handler: parseHandler({ kind: "terminal", settings: { repo: name, terminal } }),
        ttlMs: ttlSeconds * 1_000,
      });
      services.redactor.add(token);
      // In the fragment, which browsers send to nobody.
      const url = `${services.dashboard()}/watch/${name}/${terminal}#token=${token}`;
      return { url, token, id, expires: new Date(expiresAt ?? 0).toISOString() };
    }),
  });
}

async function stateOf(terminals: WorkspaceTerminals, name: string, terminal: string): Promise<TerminalState> {
  const found = (await terminals.list()).find(({ id }) => id === terminal);
  if (found !== undefined) return found;
  throw new WsError("terminal_not_found", {
    message: `'${name}' has no terminal '${excerpt(terminal)}'.`,
    next: `See them: ws terminal list ${name}.`,
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
