import { WsError } from "../errors.ts";
import type { Git } from "../ports.ts";

export interface FakeGit extends Git {
  readonly clones: string[];
  /** The profiles of the workspaces whose git was led to the worker. */
  readonly attached: string[];
  /** Makes the next clones fail with this error. */
  failWith(error: WsError | undefined): void;
  /** Makes leading git to the worker take as long as this. */
  attachAfter(work: (signal: AbortSignal | undefined) => Promise<unknown>): void;
}

/** Git that clones by writing one file. */
export function createFakeGit(): FakeGit {
  const clones: string[] = [];
  const attached: string[] = [];
  let failure: WsError | undefined;
  let before: (signal: AbortSignal | undefined) => Promise<unknown> = () => Promise.resolve();
  return {
    clones,
    attached,
    failWith(error) {
      failure = error;
    },
    attachAfter(work) {
      before = work;
    },
    parseUrl(text) {
      const match = /^https:\/\/[\w.-]+\/(?:[\w.-]+\/)*([\w.-]+?)(?:\.git)?$/.exec(text);
      if (match?.[1] === undefined) {
        throw new WsError("invalid_clone_url", {
          message: `'${text}' is not a clone URL.`,
          next: "Use https://host/owner/repository.",
          data: { url: text },
        });
      }
      return { url: text, name: match[1] };
    },
    checkBranch(name, field) {
      if (/^[\w/-]+$/.test(name) && !name.startsWith("-")) return;
      throw new WsError("invalid_input", { message: `'${name}' is not a branch name.`, data: { field } });
    },
    async attach(_box, { profile }, signal) {
      await before(signal);
      attached.push(profile);
    },
    async clone(box, repository, { report, signal }) {
      signal?.throwIfAborted();
      report({ message: "Receiving objects", percent: 50 });
      if (failure !== undefined) throw failure;
      clones.push(repository.url);
      const directory = box.repositoryDirectory(repository.name);
      await box.files.mkdir(directory);
      await box.files.write(`${directory}/README.md`, new TextEncoder().encode("# cloned\n"));
      return { branch: repository.branch ?? "main" };
    },
  };
}
