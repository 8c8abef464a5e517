import { type Bytes, type ConfinedRead, type Permit, throwIfAborted } from "@ws/workspace-core";

import { parseStat } from "./entries.ts";
import { nonsense } from "./nonsense.ts";
import type { Session } from "./session.ts";

/**
 * A file, of which at most `length` bytes were asked for, as its reader gets it. The session is its own from here on, and let go of
 * once all is read, left, or refused. `large` where more is left of it than the request's limit.
 */
export async function opened(
  session: Session,
  request: readonly string[],
  { length, permit }: { length: number; permit: Permit | undefined },
): Promise<ConfinedRead | "large"> {
  using stack = new DisposableStack();
  stack.use(session);
  const [number, said, bytes] = await session.hold(request);
  if (said === undefined) return "large";
  const stat = parseStat(said);
  permit?.(stat.path, stat);
  const kept = stack.move();
  const first = [number, bytes];
  if (isLast(first)) kept.dispose();
  const content = async function* (): AsyncGenerator<Bytes> {
    using _kept = kept;
    let left = length;
    for (let part: (Buffer | undefined)[] = first; ;) {
      throwIfAborted(session.signal);
      // Asked for ahead, so that it comes while this one is used.
      const next = isLast(part) ? undefined : session.ask(["more", numberOf(part)]);
      next?.catch(() => undefined);
      const piece = part[1] ?? Buffer.alloc(0);
      left -= piece.length;
      if (left < 0) throw nonsense("more of it than was asked for");
      if (piece.length > 0) yield piece;
      if (next === undefined) return;
      if (piece.length === 0) throw nonsense("nothing, and that more will come");
      part = await next;
      if (isLast(part)) session.forget(numberOf(first));
    }
  };
  return { path: stat.path, stat, content: content(), [Symbol.asyncDispose]: async () => kept.dispose() };
}

function numberOf([number]: readonly (Buffer | undefined)[]): string {
  return number?.toString("latin1") ?? "0";
}

function isLast(part: readonly (Buffer | undefined)[]): boolean {
  return numberOf(part) === "0";
}
