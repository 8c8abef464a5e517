import { isWsError } from "../errors.ts";
import { padding, tarHeader } from "../files/archive/tar-header.ts";
import { createWorkspaceFiles, type WorkspaceFiles } from "../files/workspace-files.ts";
import { createPolicy } from "../policy/policy.ts";
import type { Box } from "../ports.ts";
import { script } from "./box-suite/probing.ts";

/** The block that such a disk gives room in. */
const BLOCK = 4_096;
const old = "old text\n";

/**
 * Writes, edits, patches and unpacks in a directory of a small disk of its own while that is full, and tells what came of each and what
 * lies there then.
 */
export async function useFullDisk(box: Box, disk: string): Promise<Record<string, unknown>> {
  const root = `${disk}/files`;
  await box.files.mkdir(root);
  const files = createWorkspaceFiles({ box, root, policy: createPolicy() });
  const fill = (except: number): Promise<unknown> =>
    script(box, `cd "$1" && { cat /dev/zero >>filler 2>&- || :; } && truncate -s -${except} filler`, disk);
  const told: Record<string, unknown> = {};
  const tell = async (what: string, work: Promise<unknown>): Promise<void> => {
    told[what] = await work.then(
      () => "done",
      (error: unknown) => (isWsError(error) ? error.code : String(error)),
    );
  };
  for (const path of ["a", "b", "gone"]) await files.write(path, bytes(old));
  await fill(0);
  await tell("a new file in new directories", files.write("new/deep/c", bytes("x".repeat(20_000))));
  await tell("another content", files.write("a", bytes("x".repeat(20_000))));
  await tell("a content that comes in pieces", files.write("b", pieces("x".repeat(30_000), 10)));
  await tell("an edit", files.edit("a", { oldString: "old", newString: "new" }));
  await tell("a tar", files.unpack("tar", pieces(tar({ one: "1".repeat(10_000) }), 1_000)));
  // Room for the first of its files and not for the second: the first gets its content back.
  await fill(BLOCK);
  await tell("a patch", files.patch(PATCH));
  await tell("what holds nothing", files.mkdir("made"));
  await tell("a removal, which needs no room", files.remove("gone"));
  told["what lies there"] = await settled(files);
  told["what they hold"] = await Promise.all(["a", "b"].map(async (path) => (await files.read(path)).size));
  await script(box, 'rm "$1/filler"', disk);
  await tell("with room again", files.patch(PATCH));
  return told;
}

export const ON_A_FULL_DISK = {
  "a new file in new directories": "disk_full",
  "another content": "disk_full",
  "a content that comes in pieces": "disk_full",
  "an edit": "disk_full",
  "a tar": "disk_full",
  "a patch": "disk_full",
  "what holds nothing": "done",
  "a removal, which needs no room": "done",
  "what lies there": ["a", "b", "made"],
  "what they hold": [old.length, old.length],
  "with room again": "done",
};

const PATCH = [
  "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-old text\n+new text\n",
  `--- a/b\n+++ b/b\n@@ -1 +1,2 @@\n old text\n+${"x".repeat(3 * BLOCK)}\n`,
].join("");

/** A temporary file may be taken away only after it was told why. */
async function settled(files: WorkspaceFiles): Promise<string[]> {
  for (let round = 0; ; round += 1) {
    const { entries } = await files.list("");
    const names = entries.map(({ name }) => name).sort();
    if (round === 100 || !names.some((name) => name.startsWith(".ws-") || name === "new" || name === "tar"))
      return names;
  }
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function* pieces(content: string | Uint8Array, count: number): AsyncGenerator<Uint8Array> {
  const whole = typeof content === "string" ? bytes(content) : content;
  for (let at = 0; at < whole.length; at += count) yield whole.subarray(at, at + count);
}

function tar(given: Record<string, string>): Uint8Array {
  const parts = Object.entries(given).flatMap(([path, content]) => {
    const header = { path, type: "file", size: content.length, mode: 0o644, modifiedAt: 0 } as const;
    return [tarHeader(header), bytes(content), padding(content.length)];
  });
  return new Uint8Array([...parts, new Uint8Array(1_024)].flatMap((part) => [...part]));
}
