import type { ChangeKind, DiffFile } from "@ws/workspace-core";
import { unquoted } from "./c-quoted.ts";

/** A file of the list that a comparison begins with. */
export interface Listed {
  file: DiffFile;
  /** The line that its part of the patch begins with. Names are quoted there as they are in the list. */
  header: string;
  /** Whether it is listed once more, compared with one side of its conflict. */
  again: boolean;
  /** Its name as it is listed, where git only knows that it was touched; if its content is another one, it has numbers too. */
  touched?: string;
}

const KINDS: Readonly<Record<string, ChangeKind>> = {
  A: "added",
  C: "copied",
  D: "deleted",
  M: "modified",
  R: "renamed",
  T: "type_changed",
  U: "unmerged",
};
const RAW = /^:(\d{6}) (\d{6}) [0-9a-f]+ ([0-9a-f]+) ([ACDMRTU])\d*\t([^\t]*)(?:\t([^\t]*))?$/s;
const NOTHING = "000000";

/** A line of `--raw`; undefined for any other. */
export function readListed(line: string, previous: Listed | undefined): Listed | undefined {
  const [, before = "", after = "", hash = "", letter = "", first = "", second] = RAW.exec(line) ?? [];
  if (letter === "") return undefined;
  const header = `diff --git ${prefixed("a/", first)} ${prefixed("b/", second ?? first)}`;
  const again = previous?.file.status === "unmerged" && previous.header === header;
  if (again) previous.again = true;
  return {
    file: {
      path: unquoted(second ?? first),
      ...(second === undefined ? {} : { oldPath: unquoted(first) }),
      status: again ? "unmerged" : (KINDS[letter] ?? "modified"),
      ...(before === after || before === NOTHING ? {} : { oldMode: before }),
      ...(before === after || after === NOTHING ? {} : { newMode: after }),
      binary: false,
      additions: 0,
      deletions: 0,
      hunks: [],
      truncated: false,
    },
    header,
    again: false,
    ...(letter === "M" && before === after && /^0+$/.test(hash) ? { touched: first } : {}),
  };
}

/** A line of `--numstat`, whose files are in the order of the list; undefined for any other. */
export function readNumbers(
  line: string,
): { name: string; numbers: Pick<DiffFile, "binary" | "additions" | "deletions"> } | undefined {
  const [, added = "", deleted = "", name = ""] = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(line) ?? [];
  if (added === "") return undefined;
  return { name, numbers: { binary: added === "-", additions: Number(added) || 0, deletions: Number(deleted) || 0 } };
}

function prefixed(prefix: string, name: string): string {
  return name.startsWith('"') ? `"${prefix}${name.slice(1)}` : `${prefix}${name}`;
}
