import type { Bytes } from "@ws/workspace-core";

import type { About } from "./file-server.ts";
import type { Taken } from "./file-server-pool.ts";

/** One use of files, with the file server that does it. Disposing of it drops what that still holds for it. */
export interface Session extends Disposable {
  readonly signal: AbortSignal | undefined;
  /** Aborts where nothing can be asked any more: the caller's signal did, or the file server ended. */
  readonly over: AbortSignal;
  /** The fields of the answer; those of its parts go to `onPart`. */
  ask(request: readonly (string | Bytes)[], onPart?: (fields: Buffer[]) => void): Promise<Buffer[]>;
  /** As `ask`, where the first field of the answer is the number under which something is held; 0 for nothing. */
  hold(request: readonly (string | Bytes)[], onPart?: (fields: Buffer[]) => void): Promise<Buffer[]>;
  /** What is held under a number is held no more. */
  forget(number: string): void;
}

export function openSession({ server, ...taken }: Taken, about: About, signal: AbortSignal | undefined): Session {
  const held = new Set<string>();
  const drop = (number: string): void => {
    server.ask(["drop", number], { about }).catch(() => undefined);
  };
  return {
    signal,
    over: signal === undefined ? server.gone : AbortSignal.any([signal, server.gone]),
    ask: (request, onPart) => server.ask(request, { about, signal, onPart }),
    async hold(request, onPart) {
      const onLate = ([number]: Buffer[]): void => drop(number?.toString("latin1") ?? "");
      const answer = await server.ask(request, { about, signal, onPart, onLate });
      const number = answer[0]?.toString("latin1") ?? "";
      if (number !== "0") held.add(number);
      return answer;
    },
    forget: (number) => void held.delete(number),
    [Symbol.dispose]() {
      for (const number of held) drop(number);
      held.clear();
      taken[Symbol.dispose]();
    },
  };
}
