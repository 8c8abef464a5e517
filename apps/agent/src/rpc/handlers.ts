import type { FetchSettings, PacketEvent } from "@ws/rpc-contract";
import type { Packet, PacketSummary } from "@ws/workspace-core";
import type { Caller } from "../access/caller.ts";
import { withoutAbsent } from "../without-absent.ts";
import type { Services } from "./context.ts";
import type { Guarded } from "./guard.ts";
import { untilGone } from "./until.ts";

export function handlersRouter(guard: Guarded, services: Services) {
  const os = guard.handlers;
  return os.router({
    packets: os.packets.handler(async ({ input: { name, ...asked }, context, signal }) => {
      const { workspaces } = await services.ready();
      const options = { layers: context.caller?.policy ?? [], signal: untilGone(services, context, signal) };
      const settings = withoutAbsent(narrowed(asked, context.caller));
      return begun(toEvents(workspaces.packets(name, settings, options)));
    }),
  });
}

type Asked = Omit<FetchSettings, "repo">;

/** What a token was limited to holds also where more is asked for; its paths and globs hold as rules of its policy. */
function narrowed(asked: Asked, caller: Caller | undefined): Asked {
  if (caller?.handler?.kind !== "fetch") return asked;
  const { max_files: most = Infinity, since_commit: since } = caller.handler.settings;
  const least = Math.min(most, asked.max_files ?? Infinity);
  return {
    ...asked,
    ...(least === Infinity ? {} : { max_files: least }),
    ...(since === undefined ? {} : { since_commit: since }),
  };
}

async function* toEvents(packets: AsyncGenerator<Packet, PacketSummary>): AsyncGenerator<PacketEvent> {
  try {
    for (let next = await packets.next(); ; next = await packets.next()) {
      if (next.done === true) return yield { type: "summary", ...next.value };
      yield { type: "packet", ...next.value };
    }
  } finally {
    await packets.return({ packets: 0, skipped: { binary: 0, tooLarge: 0, hidden: 0 }, truncated: true });
  }
}

/** The same once its first event is there: a stream that fails later cannot say so with a status. */
async function begun<T>(stream: AsyncGenerator<T>): Promise<AsyncGenerator<T>> {
  const first = await stream.next();
  return (async function* () {
    try {
      if (first.done !== true) yield first.value;
      yield* stream;
    } finally {
      await stream.return(undefined);
    }
  })();
}
