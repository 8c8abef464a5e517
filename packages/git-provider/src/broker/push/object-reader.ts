import { startWorkerGit, type WorkerGitOptions } from "../../worker-git/start-git.ts";
import { MalformedPush } from "../protocol/pkt-line.ts";

export interface GitObject {
  type: string;
  content: Buffer;
}

export interface ObjectReader extends Disposable {
  /** Undefined for an object that is not there. Throws `MalformedPush` for one that is larger than any commit or tree. */
  read(id: string): Promise<GitObject | undefined>;
}

const MAX_BYTES: Readonly<Record<string, number>> = { commit: 1_048_576, tag: 1_048_576 };

/** Reads commits and trees of a repository of the worker's own, through one `git cat-file`; one read at a time. */
export function openObjects(options: WorkerGitOptions): ObjectReader {
  const git = startWorkerGit(["cat-file", "--batch"], options);
  git.stderr.resume();
  const source = git.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let buffered: Buffer = Buffer.alloc(0);

  async function more(): Promise<Buffer> {
    const { done, value } = await source.next();
    if (done === true) throw new Error("git ended while it was read from");
    return value;
  }
  async function take(count: number): Promise<Buffer> {
    const chunks = [buffered];
    // Put together once: with each chunk anew it would take the square of the time.
    for (let size = buffered.length; size < count; size += chunks.at(-1)?.length ?? 0) chunks.push(await more());
    const all = chunks.length === 1 ? buffered : Buffer.concat(chunks);
    buffered = all.subarray(count);
    return all.subarray(0, count);
  }
  async function line(): Promise<string> {
    let end = buffered.indexOf(10);
    for (; end === -1; end = buffered.indexOf(10)) {
      buffered = Buffer.concat([buffered, await more()]);
    }
    return (await take(end + 1)).toString("latin1").trimEnd();
  }

  return {
    async read(id) {
      git.stdin.write(`${id}\n`);
      const [, type = "", size] = (await line()).split(" ");
      if (size === undefined) return undefined;
      if (Number(size) > (MAX_BYTES[type] ?? 4_194_304)) {
        throw new MalformedPush(`a ${type === "tree" ? "directory" : type} in it is too large`);
      }
      const content = await take(Number(size));
      await take(1);
      return { type, content };
    },
    [Symbol.dispose]: () => git.kill(),
  };
}

/** The ids of all commits in a repository's own packs. */
export async function* commitIds(options: WorkerGitOptions): AsyncGenerator<string> {
  const format = "--batch-check=%(objecttype) %(objectname)";
  const git = startWorkerGit(["cat-file", "--batch-all-objects", "--unordered", format], options);
  git.stderr.resume();
  let rest = "";
  for await (const chunk of git.stdout.setEncoding("latin1")) {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("commit ")) yield line.slice("commit ".length);
  }
  const code = await git.ended;
  if (code !== 0) throw new Error(`git could not list what was pushed (exit code ${code})`);
}
