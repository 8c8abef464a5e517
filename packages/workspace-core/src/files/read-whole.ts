import { concatBytes } from "../bytes.ts";
import type { ConfinedFiles } from "../confined.ts";
import { binaryFile, decodeText, EDIT_LIMIT, tooLarge } from "./text.ts";

export interface WholeText {
  text: string;
  bytes: Uint8Array;
  mode: number;
  version: string;
}

/** A text file that is to be changed. Throws `file_too_large`, `binary_file`, and what `read` throws. */
export async function readWhole(files: ConfinedFiles, path: string, signal?: AbortSignal): Promise<WholeText> {
  await using file = await files.read(path, signal === undefined ? {} : { signal });
  const { size, mode, version } = file.stat;
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of file.content) {
    length += chunk.length;
    if (Math.max(size, length) > EDIT_LIMIT) break;
    parts.push(chunk.slice());
  }
  if (Math.max(size, length) > EDIT_LIMIT) {
    throw tooLarge(path, size, EDIT_LIMIT, "Change it inside the workspace: ws shell NAME.");
  }
  const bytes = concatBytes(parts);
  const text = decodeText(bytes);
  if (text === undefined) throw binaryFile(path, size);
  return { text, bytes, mode, version };
}
