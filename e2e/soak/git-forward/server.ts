// A git server as a process of its own, so that its memory and its processor time are not the worker's. Says where it
// is in one line of JSON, and ends when its input does.
import { execFile } from "node:child_process";
import { randomFillSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { startGitServer } from "@ws/git-provider/testing";

const MIB = 1_048_576;
const megabytes = Number(process.argv[2]);

await using server = await startGitServer();
const repository = await server.create("soak/big", { files: {} });
// The pack stays the pack that was pushed: to compress noise again would measure zlib.
await repository.git("config", "transfer.unpackLimit", "1");
await repository.git("config", "core.compression", "0");
await repository.git("config", "pack.window", "0");
await fill(repository.path);
const { ca, caFile } = server;
console.log(JSON.stringify({ url: repository.url, path: repository.path, ca, caFile }));
await new Promise((resolve) => process.stdin.on("close", resolve).resume());

/** One commit of random files, which neither deltas nor zlib make any smaller. */
async function fill(bare: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "ws-soak-fill-"));
  const git = (...argv: string[]) => promisify(execFile)("git", ["-c", "core.compression=0", ...argv], { cwd: work });
  try {
    await git("init", "--quiet", "--initial-branch=main");
    for (let written = 0; written < megabytes; written += 16) {
      await writeFile(
        join(work, `blob-${written}`),
        randomFillSync(Buffer.alloc(Math.min(16, megabytes - written) * MIB)),
      );
    }
    await git("add", "--all");
    await git("-c", "user.name=S", "-c", "user.email=s@example.test", "commit", "--quiet", "--message=Random");
    await git("-c", "pack.window=0", "push", "--quiet", bare, "main");
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
