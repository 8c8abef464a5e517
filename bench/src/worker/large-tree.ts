import type { GitPeer } from "../peers/git.ts";
import { settled } from "./settled.ts";
import { startWorker, type Worker } from "./worker.ts";

/** A running workspace whose repository has a hundred thousand files, all committed. */
export interface LargeTree extends AsyncDisposable {
  worker: Worker;
  name: string;
  containerId: string;
  /** Where the repository lies in it. */
  directory: string;
  /** One of a hundred directories of a thousand files. */
  folder: string;
}

const NAME = "bench-tree";
const TREE = "tree";
const LIMIT_MS = 170_000;
const MAKE = `mkdir -p $(seq -f '${TREE}/d%g' 0 99) && seq 0 99999 |
  awk '{ file = "${TREE}/d" int($1 / 1000) "/file" $1 ".ts"; print "export const number" $1 " = " $1 ";" > file; close(file) }'`;
const COMMIT = "git add -A && git -c user.name=bench -c user.email=bench@localhost commit -qm tree";

export async function startLargeTree(git: GitPeer, signal: AbortSignal): Promise<LargeTree> {
  await using undo = new AsyncDisposableStack();
  const environment = { WS_RUNTIME: "docker", WS_GIT_CA: git.caFile };
  const worker = undo.use(await startWorker({ environment, signal }));
  const { containerId } = await worker.client.workspaces.create({ name: NAME, clone: git.url }, { signal });
  const run = async (script: string): Promise<string> => {
    const call = { name: NAME, command: ["sh", "-ec", script], timeout: LIMIT_MS };
    const { exitCode, stdout, stderr } = await worker.client.workspaces.exec(call, { signal });
    if (exitCode !== 0) throw new Error(`The repository could not be made: ${stderr}`);
    return stdout.trim();
  };
  await run(MAKE);
  await run(COMMIT);
  const directory = await run("pwd");
  await settled(worker.agent.pid, signal);
  const opened = undo.move();
  return {
    worker,
    name: NAME,
    containerId,
    directory,
    folder: `${TREE}/d50`,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
