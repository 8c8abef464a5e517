import { type Bytes, type ByteSource, orAborted, throwIfAborted } from "@ws/workspace-core";

import type { Session } from "./session.ts";

const PIECE = 262_144;
/** So many pieces on the way keep a slow line full. */
const AHEAD = 8;

export interface ChangeOptions {
  content?: ByteSource | Bytes;
  /** Asks whoever permits it about what the file server holds, and what lies below; absent where nobody has to be asked. */
  permits?: ((told: Buffer[], below: Buffer[]) => void) | undefined;
}

/** Has a change made: at once where that takes one request, otherwise in steps between which it is held. */
export async function change(
  session: Session,
  request: readonly string[],
  { content = new Uint8Array(), permits }: ChangeOptions,
): Promise<Buffer[]> {
  const whole = content instanceof Uint8Array && content.length <= PIECE ? content : undefined;
  if (whole !== undefined && permits === undefined) return session.ask([...request, "1", whole]);
  const below: Buffer[] = [];
  const [held, ...told] = await session.hold([...request, "", ""], (fields) => void below.push(...fields));
  const number = held?.toString("latin1") ?? "";
  permits?.(told, below);
  if (whole === undefined) await fill(session, number, content);
  const answer = await session.ask(["commit", number, whole ?? ""]);
  session.forget(number);
  return answer;
}

async function fill(session: Session, number: string, content: ByteSource | Bytes): Promise<void> {
  const source = content instanceof Uint8Array ? [content] : content;
  const ahead: Promise<unknown>[] = [];
  const put = async (piece: Bytes): Promise<void> => {
    const asked = session.ask(["put", number, piece]);
    asked.catch(() => undefined);
    ahead.push(asked);
    if (ahead.length >= AHEAD) await ahead.shift();
  };
  for await (const part of abortable(source, session.over))
    for (let at = 0; at < part.length; at += PIECE) await put(part.subarray(at, at + PIECE));
  await Promise.all(ahead);
}

/** A source that says nothing more is not waited for once nobody takes it. */
async function* abortable(source: ByteSource | Bytes[], signal: AbortSignal): AsyncGenerator<Bytes> {
  if (Array.isArray(source)) return yield* source;
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await orAborted(iterator.next(), signal);
      throwIfAborted(signal);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // Not awaited: a generator that is itself waiting answers only when that is over.
    iterator.return?.()?.catch(() => undefined);
  }
}
