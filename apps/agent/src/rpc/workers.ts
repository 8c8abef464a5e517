import { WsError } from "@ws/workspace-core";
import { LOCAL_ADMIN } from "../access/caller.ts";
import { withoutAbsent } from "../without-absent.ts";
import type { Services } from "./context.ts";
import type { Guarded } from "./guard.ts";
import { untilGone } from "./until.ts";

export function workersRouter(guard: Guarded, services: Services) {
  const os = guard.workers;
  const { links, redactor, sessions, clock } = services;
  const { tokens, workers } = services.state;

  function endToken(id: string): void {
    for (const gone of tokens.revoke(id)) sessions.revoke(gone);
  }

  return os.router({
    list: os.list.handler(() => links.list()),
    add: os.add.handler(({ input: { name, ttlSeconds } }) => {
      if (workers.get(name) !== undefined) throw taken(name);
      const ttl = ttlSeconds === undefined ? {} : { ttlMs: ttlSeconds * 1_000 };
      const { id, token } = tokens.create({ name: `worker ${name}`, scope: "uplink", ...ttl });
      const record = workers.insert({ name, token: id, addedAt: clock.now() });
      if (record === undefined) throw taken(name);
      redactor.add(token);
      links.changed(record.id);
      return { ...links.show(record), token };
    }),
    rename: os.rename.handler(({ input: { worker, newName } }) => {
      const { id } = links.get(worker);
      if (!workers.rename(id, newName)) throw taken(newName);
      links.changed(id);
      return links.show(links.get(id));
    }),
    remove: os.remove.handler(({ input }) => {
      const { id, token } = links.get(input.worker);
      // First what lets it in: a failure in between must not leave a token without a worker.
      endToken(token);
      workers.remove(id);
      links.drop(id);
      links.changed(id);
      return { success: true };
    }),
    share: os.share.handler(async ({ input, context: { caller = LOCAL_ADMIN } }) => {
      const { shareTerminal } = await import("../uplink/share-terminal.ts");
      const { path, ...shared } = await shareTerminal({ links, tokens }, caller, withoutAbsent(input));
      redactor.add(shared.token);
      return { ...shared, url: `${services.dashboard()}${path}` };
    }),
    events: os.events.handler(({ context, signal }) => links.events(untilGone(services, context, signal))),
  });
}

function taken(name: string): WsError<"name_taken"> {
  return new WsError("name_taken", {
    message: `There is a worker '${name}' already.`,
    next: "Choose another name, or remove that one: ws worker remove NAME.",
    data: { name },
  });
}
