import { buffer } from "node:stream/consumers";

import { extract, pack } from "tar-stream";
import { expect, test } from "vitest";

import { judgedContext } from "./judged-context.ts";

const judged = { path: "sub/Dockerfile", content: Buffer.from("FROM judged\n") };

async function* tarOf(files: Record<string, string>, more: (tar: ReturnType<typeof pack>) => void = () => undefined) {
  const tar = pack();
  for (const [name, text] of Object.entries(files)) tar.entry({ name, mode: 0o755 }, text);
  more(tar);
  tar.finalize();
  yield* tar as unknown as AsyncIterable<Uint8Array>;
}

async function filesIn(tar: AsyncIterable<unknown>): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const reading = extract();
  void buffer(tar as never).then((bytes) => reading.end(bytes));
  for await (const entry of reading) {
    const { name, type, linkname, mode } = entry.header;
    found[name] =
      type === "symlink" ? `-> ${linkname}` : `${mode?.toString(8)} ${(await buffer(entry as never)).toString()}`;
    entry.resume();
  }
  return found;
}

test("the Dockerfile in it is the one that was judged, and all else is as it was", async () => {
  const big = "x".repeat(300_000);
  const tar = tarOf({ "sub/Dockerfile": "ADD http://127.0.0.1/ /x", "sub/other": "kept", big }, (more) => {
    more.entry({ name: "link", type: "symlink", linkname: "/etc/passwd" });
  });
  expect(await filesIn(judgedContext(tar, judged))).toEqual({
    "sub/Dockerfile": "644 FROM judged\n",
    "sub/other": "755 kept",
    big: `755 ${big}`,
    link: "-> /etc/passwd",
  });
  // As where the repository's attributes leave it out of archives.
  expect(await filesIn(judgedContext(tarOf({}), judged))).toEqual({ "sub/Dockerfile": "644 FROM judged\n" });
});

test("a tar that is cut short is no shorter context but an error", async () => {
  async function* cut() {
    for await (const chunk of tarOf({ big: "x".repeat(300_000) })) {
      yield chunk.subarray(0, 2_000);
      throw new Error("these files take more than 2000 bytes");
    }
  }
  await expect(buffer(judgedContext(cut(), judged))).rejects.toThrow("more than 2000 bytes");
});
