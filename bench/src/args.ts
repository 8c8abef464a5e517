import { parseArgs } from "node:util";

export interface Args {
  /** Names of rows; empty means every row that is not run on demand only. */
  only: string[];
  /** Where the rows go as JSON. */
  json?: string;
  list: boolean;
  help: boolean;
}

export const USAGE = `Usage: npm run bench [-- OPTION…]

  --only NAME    measure this row only; repeat it, or separate names with commas
  --json FILE    write the rows as JSON
  --list         print the names of the rows
  --help         print this

Every row is measured beside its peer in the same run. The exit code is 1 where a bar does not hold or a
row could not be measured, 2 for a wrong option.
`;

/** Throws `UsageError` for an option that is unknown or lacks its value, and for a row that there is not. */
export function readArgs(argv: readonly string[], names: readonly string[]): Args {
  const { only = [], json, list = false, help = false } = parse(argv);
  const wanted = only.flatMap((value) => value.split(",")).filter((name) => name !== "");
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new UsageError(`There is no row '${unknown}'. Rows: ${names.join(", ")}.`);
  if (only.length > 0 && wanted.length === 0) throw new UsageError("--only needs the name of a row.");
  if (json === "") throw new UsageError("--json needs the name of a file.");
  return { only: wanted, ...(json === undefined ? {} : { json }), list, help };
}

export class UsageError extends Error {
  readonly code = "usage";
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        only: { type: "string", multiple: true },
        json: { type: "string" },
        list: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
