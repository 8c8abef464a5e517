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
      async function run<T>(verb: string, looks: boolean, call: (work: GitWork) => Promise<T>): Promise<T> {
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
      function verb<V extends keyof GitWork>(name: V, looks: boolean): GitWork[V] {
        type Verb = (...given: unknown[]) => Promise<unknown>;
        const call: Verb = (...given) => run(name, looks, (work) => (work[name] as Verb)(...given));
        return call as GitWork[V];
      }
      const look = <V extends keyof GitWork>(name: V): GitWork[V] => verb(name, true);
      const change = <V extends keyof GitWork>(name: V): GitWork[V] => verb(name, false);
      return {
        status: look("status"),
        log: look("log"),
        diff: look("diff"),
        show: look("show"),
        names: look("names"),
        blob: look("blob"),
        add: change("add"),
        unstage: change("unstage"),
        restore: change("restore"),
        commit: change("commit"),
        pull: change("pull"),
        push: change("push"),
        branches: look("branches"),
        createBranch: change("createBranch"),
        deleteBranch: change("deleteBranch"),
        checkout: change("checkout"),
        stashes: look("stashes"),
        stash: change("stash"),
        popStash: change("popStash"),
        dropStash: change("dropStash"),
        rebase: change("rebase"),
        continueRebase: change("continueRebase"),
        abortRebase: change("abortRebase"),
        reset: change("reset"),
      };
    },
  };
}

/** Git knows the repository; whoever reads this knows the workspace. */
export function named(error: unknown, name: string): unknown {
  if (!isWsError(error)) return error;
  const { code, message, next, data } = error;
  return new WsError(code, {
    message,
    ...(next === undefined ? {} : { next: next.replaceAll(/(ws git|ws credential grant) NAME\b/g, `$1 ${name}`) }),
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
