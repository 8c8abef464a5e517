import type { Engine } from "./engine.ts";
import { lines } from "./lines.ts";
import type { Bytes, Printed } from "./ports.ts";
import type { WorkspaceId } from "./workspace.ts";

/** Where to begin with what the place printed: after what was read last, else at the last lines, else at the first. */
export interface From {
  after?: string;
  tail?: number;
}

/** What the place of a workspace printed, from where `from` says, which moves on with every line. */
export async function* placeLines(
  engine: Engine,
  id: WorkspaceId,
  from: From,
  { follow = false, signal }: { follow?: boolean; signal: AbortSignal | undefined },
): AsyncGenerator<string> {
  const record = engine.store.get(id);
  if (record?.handle === undefined) return;
  const printed = engine
    .runtime(record.runtime)
    .logs(id, { ...from, follow, ...(signal === undefined ? {} : { signal }) });
  for await (const line of lines(bytesOf(printed, from))) yield `${line}\n`;
}

async function* bytesOf(source: AsyncIterable<Printed>, from: From): AsyncGenerator<Bytes> {
  let last: string | undefined;
  const moveOn = (): void => {
    if (last === undefined) return;
    from.after = last;
    delete from.tail;
  };
  for await (const { bytes, at } of source) {
    yield bytes;
    last = at;
    // Of a line that a lost connection cut, all is asked for again.
    if (bytes.at(-1) === NEWLINE) moveOn();
  }
  moveOn();
}

const NEWLINE = 10;
