import { WsError } from "@ws/workspace-core";
import type { Services } from "./context.ts";
import type { Guarded } from "./guard.ts";

export function terminalsRouter(guard: Guarded, services: Services) {
  const os = guard.terminals;
  const core = async (name: string) => (await services.ready()).workspaces.terminals(name);
  const idOf = (name: string): string => services.state.workspaces.getByName(name)?.id ?? "";

  return os.router({
    list: os.list.handler(async ({ input: { name } }) => {
      const workspace = idOf(name);
      const terminals = await core(name);
      return (await terminals.list()).map(({ id, size, start, end, createdAt, exit }) => ({
        id,
        ...size,
        start,
        end,
        created: new Date(createdAt).toISOString(),
        durable: terminals.durable,
        viewers: services.terminals.viewers(workspace, id),
        ...(exit === undefined ? {} : { exitCode: exit.code }),
      }));
    }),
    close: os.close.handler(async ({ input: { name, terminal } }) => {
      const terminals = await core(name);
      const known = (await terminals.list()).some(({ id }) => id === terminal);
      if (!known) {
        throw new WsError("terminal_not_found", {
          message: `'${name}' has no terminal '${terminal}'.`,
          next: `See them: ws info ${name}.`,
          data: { terminal },
        });
      }
      await terminals.end(terminal);
      return { success: true };
    }),
  });
}
