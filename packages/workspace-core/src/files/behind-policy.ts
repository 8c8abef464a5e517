import type { ConfinedFiles, ConfinedOptions, Permit } from "../confined.ts";
import type { PolicyAct } from "../policy/layers.ts";
import { lets } from "../policy/lets.ts";
import type { Policy } from "../policy/policy.ts";

type PathAct = Extract<PolicyAct, { path: string }>["act"];

/**
 * The same files, as far as a policy lets them be seen and changed: judged by the path that was asked for, and again by where it
 * really lies while the entry is held, so that no link gives another name to what is hidden.
 */
export function behindPolicy(files: ConfinedFiles, policy: Policy): ConfinedFiles {
  /** With what the caller itself wants to judge. */
  function judged<O extends ConfinedOptions>(
    options: O | undefined,
    judge: (path: string) => PathAct,
  ): O & { permit: Permit } {
    const own = options?.permit;
    const permit: Permit = (path, entry) => {
      policy.demand({ act: judge(path), path });
      own?.(path, entry);
    };
    return { ...(options as O), permit };
  }

  return {
    async stat(path, options) {
      policy.demand({ act: "see", path });
      return files.stat(
        path,
        judged(options, () => "see"),
      );
    },
    async list(path, options) {
      policy.demand({ act: "see", path });
      const listed = await files.list(
        path,
        judged(options, () => "see"),
      );
      if (!policy.restrictsPaths) return listed;
      const at = listed.path === "" ? "" : `${listed.path}/`;
      const entries = listed.entries.filter(({ name }) => lets(policy, { act: "see", path: `${at}${name}` }));
      return { path: listed.path, entries };
    },
    async read(path, options) {
      policy.demand({ act: "read", path });
      return files.read(
        path,
        judged(options, () => "read"),
      );
    },
    async write(path, content, options) {
      policy.demand({ act: "write", path });
      return files.write(
        path,
        content,
        judged(options, () => "write"),
      );
    },
    async mkdir(path, options) {
      policy.demand({ act: "write", path });
      return files.mkdir(
        path,
        judged(options, () => "write"),
      );
    },
    async rename(from, to, options) {
      policy.demand({ act: "move", path: from });
      policy.demand({ act: "write", path: to });
      return files.rename(from, to, judged(options, headed(["move", "write"])));
    },
    async remove(path, options) {
      policy.demand({ act: "write", path });
      return files.remove(path, judged(options, headed(["write"])));
    },
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
