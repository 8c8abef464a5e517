import { throwIfAborted } from "./aborted.ts";
import type { Engine } from "./engine.ts";
import { isWsError, WsError } from "./errors.ts";
import { gitBehindPolicy } from "./git-behind-policy.ts";
import type { GitWork } from "./git-work.ts";
import type { Policy } from "./policy/policy.ts";
import type { Box } from "./ports.ts";
import { environmentOf } from "./process-environment.ts";
import { inTime } from "./time-limit.ts";
import type { Repository, WorkspaceId, WorkspaceRecord } from "./workspace.ts";

export interface GitAccess {
  /** The workspace's repository, behind a policy. `signal` ends what only looks; what changes something goes on without its caller. */
  open(
    place: { box: Box; record: WorkspaceRecord; repository: Repository; policy: Policy },
    signal?: AbortSignal,
  ): GitWork;
}

const GROUP = "git";
const LOOK_MS = 120_000;
/** Hooks and checkouts of large repositories take their time, and so does a slow remote. */
const CHANGE_MS = 900_000;

const LOOKS: ReadonlySet<keyof GitWork> = new Set([
  "status",
  "log",
  "diff",
  "show",
  "blob",
  "names",
  "branches",
  "stashes",
]);

/** Git as workspaces are worked on from outside: one change at a time, each with an end. */
export function createGitAccess(engine: Engine): GitAccess {
  const lanes = new Map<WorkspaceId, Promise<unknown>>();

  /** After the changes that were asked for before; two at once would refuse one another. */
  function inTurn<T>(id: WorkspaceId, work: () => Promise<T>): Promise<T> {
    const turn = (lanes.get(id) ?? Promise.resolve()).then(work);
    const over: Promise<unknown> = turn
      .catch(() => undefined)
      .finally(() => {
        if (lanes.get(id) === over) lanes.delete(id);
      });
    lanes.set(id, over);
    return turn;
  }

  return {
    open({ box, record, repository, policy }, signal) {
      async function run<T>(verb: keyof GitWork, call: (work: GitWork) => Promise<T>): Promise<T> {
        const looks = LOOKS.has(verb);
        const ms = looks ? LOOK_MS : CHANGE_MS;
        const late = (cause: unknown): WsError => tookTooLong(verb, ms, cause);
        const limits = { ms, signal: looks ? signal : undefined, late };
        const timed = (): Promise<T> =>
          inTime(engine.clock, limits, async (ending) => {
            const env = await environmentOf(engine, record, box);
            const work = engine.git.work(box, repository, { env, group: GROUP, signal: ending });
            return call(gitBehindPolicy(work, policy));
          });
        try {
          throwIfAborted(signal);
          return await (looks ? timed() : inTurn(record.id, timed));
        } catch (error) {
          throw named(error, record.name);
        }
      }
      return {
        status: (options) => run("status", (work) => work.status(options)),
        log: (options) => run("log", (work) => work.log(options)),
        diff: (options) => run("diff", (work) => work.diff(options)),
        show: (options) => run("show", (work) => work.show(options)),
        names: (options) => run("names", (work) => work.names(options)),
        blob: (options) => run("blob", (work) => work.blob(options)),
        add: (options) => run("add", (work) => work.add(options)),
        unstage: (options) => run("unstage", (work) => work.unstage(options)),
        restore: (options) => run("restore", (work) => work.restore(options)),
        commit: (options) => run("commit", (work) => work.commit(options)),
        pull: (options) => run("pull", (work) => work.pull(options)),
        push: (options) => run("push", (work) => work.push(options)),
        branches: () => run("branches", (work) => work.branches()),
        createBranch: (options) => run("createBranch", (work) => work.createBranch(options)),
        deleteBranch: (options) => run("deleteBranch", (work) => work.deleteBranch(options)),
        checkout: (options) => run("checkout", (work) => work.checkout(options)),
        stashes: () => run("stashes", (work) => work.stashes()),
        stash: (options) => run("stash", (work) => work.stash(options)),
        popStash: (options) => run("popStash", (work) => work.popStash(options)),
        dropStash: (options) => run("dropStash", (work) => work.dropStash(options)),
        rebase: (options) => run("rebase", (work) => work.rebase(options)),
        continueRebase: () => run("continueRebase", (work) => work.continueRebase()),
        abortRebase: () => run("abortRebase", (work) => work.abortRebase()),
        reset: (options) => run("reset", (work) => work.reset(options)),
      };
    },
  };
}

/** Git knows the repository; whoever reads this knows the workspace. */
function named(error: unknown, name: string): unknown {
  if (!isWsError(error)) return error;
  const { code, message, next, data } = error;
  return new WsError(code, {
    message,
    ...(next === undefined ? {} : { next: next.replaceAll("ws git NAME", `ws git ${name}`) }),
    data: "name" in data ? { ...data, name } : data,
    cause: error,
  });
}

function tookTooLong(verb: string, ms: number, cause: unknown): WsError<"timeout"> {
  return new WsError("timeout", {
    message: `Git did not end within ${ms / 1_000} s (${verb}) and was ended.`,
    next: "Run it in a terminal to see what holds it up: ws shell NAME.",
    data: { afterMs: ms },
    cause,
  });
}
