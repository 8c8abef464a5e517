import { type GitStash, type GitWork, throwIfAborted, WsError } from "@ws/workspace-core";
import { type Context, failed, must } from "./context.ts";
import { mergeConflict, refNotFound, unpushedWork } from "./failures.ts";
import { looking } from "./look.ts";
import { findCommit } from "./refs.ts";

type Verbs = Pick<GitWork, "stashes" | "stash" | "popStash" | "dropStash">;

export function stashing(context: Context): Verbs {
  const { runner } = context;

  /** Its name, if it is still the one that was meant: indexes move with every change. */
  async function named(index: number, hash: string | undefined): Promise<string> {
    const name = `stash@{${index}}`;
    const found = await findCommit(context, name);
    if (found === undefined) throw refNotFound(name);
    if (hash === undefined || found.startsWith(hash)) return name;
    throw new WsError("invalid_input", {
      message: `'${name}' is another stash by now.`,
      next: "List them again.",
      data: { field: "hash" },
    });
  }

  return {
    async stashes() {
      const found: GitStash[] = [];
      const format = "--format=%H%x00%gs%x00%cI";
      const fields: string[] = [];
      const args = ["stash", "list", "-z", "--no-show-signature", "--encoding=UTF-8", format];
      const { code, stderr } = await runner.stream(
        { args, kind: "read", separator: "\0", longest: 16_384 },
        (field) => {
          fields.push(field);
          if (fields.length < 3) return;
          const [hash = "", message = "", date = ""] = fields.splice(0);
          found.push({ index: found.length, hash, message, date });
        },
      );
      throwIfAborted(runner.signal);
      if (code !== 0) throw failed(context, "stash list", { stderr });
      return found;
    },
    async stash({ message, untracked = false } = {}) {
      const before = await findCommit(context, "stash@{0}");
      const args = ["-c", "user.useConfigOnly=true", "stash", "push", "--quiet"];
      if (untracked) args.push("--include-untracked");
      if (message !== undefined) args.push(`--message=${message}`);
      await must(context, { args, kind: "write" });
      return { created: (await findCommit(context, "stash@{0}")) !== before };
    },
    async popStash({ index = 0, hash } = {}) {
      const name = await named(index, hash);
      const said = await runner.run({ args: ["stash", "pop", "--quiet", "--index", name], kind: "write" });
      throwIfAborted(runner.signal);
      if (said.code === 0) return;
      // What was staged does not fit what is staged now; the changes themselves may.
      const again = /try without --index|Conflicts in index/i.test(said.stderr);
      const second = again ? await runner.run({ args: ["stash", "pop", "--quiet", name], kind: "write" }) : said;
      if (second.code === 0) return;
      const { files } = await looking(context).status({ untracked: "none" });
      const conflicts = files.filter((file) => file.conflicted).map((file) => file.path);
      if (conflicts.length > 0) {
        throw mergeConflict(
          conflicts,
          "Resolve them in the files and stage these; the stash is kept until it is dropped.",
        );
      }
      throw failed(context, "stash pop", second);
    },
    async dropStash({ index, hash, allowDestructive = false }) {
      const name = await named(index, hash);
      if (!allowDestructive) {
        throw unpushedWork(context.repository, `what is in '${name}' lies nowhere else`);
      }
      await must(context, { args: ["stash", "drop", "--quiet", name], kind: "write" });
    },
  };
}
