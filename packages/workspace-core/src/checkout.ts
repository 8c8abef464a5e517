import { WsError } from "./errors.ts";
import type { CheckoutOptions } from "./workspace.ts";

/** Throws `invalid_input` for what a clone cannot be narrowed to. */
export function requireCheckout({ depth, sparse }: CheckoutOptions): void {
  if (depth !== undefined && !(Number.isSafeInteger(depth) && depth > 0 && depth < 2 ** 31)) {
    throw unfit("The depth of a clone is a number of commits, at least 1.", "Leave it out for the whole history.");
  }
  const wrong = sparse?.find((path) => !isPlainDirectory(path));
  if (wrong === undefined && sparse?.length !== 0) return;
  throw unfit(
    "A sparse clone takes directories of the repository, by their paths from its top.",
    "Name them as in 'docs' or 'packages/core', without '..', quotes and wildcards.",
  );
}

/** As one text that says the same of equal ones, and is fit to be shown. */
export function describeCheckout({ depth, filter, sparse, lfs }: CheckoutOptions): string {
  const parts = [
    depth === undefined ? "" : `a depth of ${depth}`,
    filter === undefined ? "" : `the filter ${filter}`,
    sparse === undefined ? "" : `only ${sparse.toSorted().join(", ")}`,
    lfs === true ? "large files" : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "all files and the whole history" : parts.join(" and ");
}

function isPlainDirectory(path: string): boolean {
  if (path.length > 1_000 || /[\p{C}"*?[\\]/u.test(path)) return false;
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

function unfit(message: string, next: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", { message, next, data: { field: "checkout" } });
}
