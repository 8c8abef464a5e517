import type { ConfinedFiles, ConfinedOptions, Permit } from "../confined.ts";
import type { PathAct } from "../policy/layers.ts";
import { lets } from "../policy/lets.ts";
import type { Policy } from "../policy/policy.ts";

/**
 * The same files, as far as a policy lets them be seen and changed: judged by the path that was asked for, and again by where it
 * really lies while the entry is held, so that no link gives another name to what is hidden.
 */
export function behindPolicy(files: ConfinedFiles, policy: Policy): ConfinedFiles {
  /** Judges the path that was asked for; the options then have the real one judged, beside what the caller itself wants to. */
  function judged<O extends ConfinedOptions>(
    options: O | undefined,
    asked: readonly { act: PathAct; path: string }[],
    judge: (path: string) => PathAct,
  ): O & { permit: Permit } {
    for (const act of asked) policy.demand(act);
    const own = options?.permit;
    const permit: Permit = (path, entry) => {
      policy.demand({ act: judge(path), path });
      own?.(path, entry);
    };
    return { ...(options as O), permit };
  }

  function judgedAs<O extends ConfinedOptions>(act: PathAct, path: string, options?: O): O & { permit: Permit } {
    return judged(options, [{ act, path }], () => act);
  }

  return {
    stat: async (path, options) => files.stat(path, judgedAs("see", path, options)),
    async list(path, options) {
      const listed = await files.list(path, judgedAs("see", path, options));
      if (!policy.restrictsPaths) return listed;
      const at = listed.path === "" ? "" : `${listed.path}/`;
      const entries = listed.entries.filter(({ name }) => lets(policy, { act: "see", path: `${at}${name}` }));
      return { path: listed.path, entries };
    },
    read: async (path, options) => files.read(path, judgedAs("read", path, options)),
    write: async (path, content, options) => files.write(path, content, judgedAs("write", path, options)),
    mkdir: async (path, options) => files.mkdir(path, judgedAs("write", path, options)),
    async rename(from, to, options) {
      const asked = [
        { act: "move", path: from },
        { act: "write", path: to },
      ] as const;
      return files.rename(from, to, judged(options, asked, headed(["move", "write"])));
    },
    remove: async (path, options) => files.remove(path, judged(options, [{ act: "write", path }], headed(["write"]))),
  };
}

/** What is asked about first is what is meant; what lies below it goes with it. */
function headed(acts: readonly PathAct[]): (path: string) => PathAct {
  const heads: string[] = [];
  return (path) => {
    if (heads.some((head) => path.startsWith(`${head}/`))) return "carry";
    const act = acts[heads.length] ?? "write";
    heads.push(path);
    return act;
  };
}
