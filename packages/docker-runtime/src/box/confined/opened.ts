import { type Bytes, type ConfinedRead, type Permit, throwIfAborted } from "@ws/workspace-core";

import { parseStat } from "./entries.ts";
import type { Session } from "./session.ts";

/**
 * A file as its reader gets it. The session is its own from here on, and let go of once all is read, left, or refused. `large`
 * where more is left of it than the request's limit.
 */
export async function opened(
  session: Session,
  request: readonly string[],
  permit: Permit | undefined,
): Promise<ConfinedRead | "large"> {
  using stack = new DisposableStack();
  stack.use(session);
  const [where, said, ...first] = await session.hold(request);
  if (where?.toString("latin1") === "large") return "large";
  const stat = parseStat(said);
  permit?.(stat.path, stat);
  const kept = stack.move();
  if (isLast(first)) kept.dispose();
  const content = async function* (): AsyncGenerator<Bytes> {
    using _kept = kept;
    for (let part = first; ;) {
      throwIfAborted(session.signal);
      // Asked for ahead, so that it comes while this one is used.
      const next = isLast(part) ? undefined : session.ask(["more", numberOf(part)]);
      next?.catch(() => undefined);
      const bytes = part[1];
      if (bytes !== undefined && bytes.length > 0) yield bytes;
      if (next === undefined) return;
      part = await next;
      if (isLast(part)) session.forget(numberOf(first));
    }
  };
  return { path: stat.path, stat, content: content(), [Symbol.asyncDispose]: async () => kept.dispose() };
}

function numberOf([number]: readonly Buffer[]): string {
  return number?.toString("latin1") ?? "0";
}

function isLast(part: readonly Buffer[]): boolean {
  return numberOf(part) === "0";
}
