import type { TaskOutput } from "@ws/workspace-core";

export interface TaskText {
  attempt: number;
  offset: number;
  end: number;
  text: string;
}

/** Bytes as texts, cut where a character ends: what was sent of one in two parts comes whole, and what is none as U+FFFD. */
export async function* asTexts(parts: AsyncIterable<TaskOutput>): AsyncGenerator<TaskText> {
  let left: TaskOutput | undefined;
  for await (const part of parts) {
    const follows = left?.attempt === part.attempt && left.offset + left.bytes.length === part.offset;
    if (left !== undefined && !follows) yield asText(left);
    const whole = left !== undefined && follows ? { ...left, bytes: Buffer.concat([left.bytes, part.bytes]) } : part;
    const cut = whole.bytes.length - unfinished(whole.bytes);
    if (cut > 0) yield asText({ ...whole, bytes: whole.bytes.subarray(0, cut) });
    const rest = whole.bytes.subarray(cut);
    left = rest.length === 0 ? undefined : { ...whole, offset: whole.offset + cut, bytes: rest };
  }
  if (left !== undefined) yield asText(left);
}

function asText({ attempt, offset, bytes }: TaskOutput): TaskText {
  return { attempt, offset, end: offset + bytes.length, text: Buffer.from(bytes).toString("utf8") };
}

/** How many bytes at the end begin a character and do not end it. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}
