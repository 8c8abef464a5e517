import type { CleanupResult, GitStatusResult } from "@ws/rpc-contract";

/** What a look at another attempt told; undefined while it is being looked at. */
export type Look = { foreseen: CleanupResult } | { problem: string } | undefined;

/** What becomes of another attempt, in a sentence, and what is lost with it. */
export interface Fate {
  stays: boolean;
  text: string;
  /** Whether work goes that lies nowhere else. */
  loses: boolean;
}

interface Case {
  look: Look;
  atWork: boolean;
  discard: boolean;
}

/** What a pick would do with another attempt. */
export function fateOf({ look, atWork, discard }: Case): Fate {
  const foreseen = look !== undefined && "foreseen" in look ? look.foreseen : undefined;
  if (foreseen?.reason === "leased") {
    return { stays: true, loses: false, text: `Stays: ${foreseen.holder ?? "it is leased"}.` };
  }
  if (atWork) {
    return discard
      ? { stays: false, loses: true, text: `Its task is ended, and this is lost: ${lostOf(foreseen, "what it made")}.` }
      : { stays: true, loses: false, text: "Stays: its task is not over yet." };
  }
  if (look === undefined) return { stays: !discard, loses: false, text: "Looking at what it holds…" };
  if ("problem" in look) {
    return discard
      ? { stays: false, loses: true, text: `Is removed, unseen: ${look.problem}` }
      : { stays: true, loses: false, text: `Stays: it could not be looked at. ${look.problem}` };
  }
  if (!look.foreseen.kept)
    return { stays: false, loses: false, text: "Is removed: all that it holds lies elsewhere too." };
  return discard
    ? { stays: false, loses: true, text: `Is removed. Lost for good: ${lostOf(look.foreseen, "what it holds")}.` }
    : { stays: true, loses: false, text: `Stays: it holds ${lostOf(look.foreseen, "work that lies nowhere else")}.` };
}

function lostOf(foreseen: CleanupResult | undefined, otherwise: string): string {
  return foreseen?.kept === true && foreseen.holder !== undefined ? foreseen.holder : otherwise;
}

const MOST_NAMES = 6;

/** Names of the files that are not committed, the first of them. */
export function uncommittedIn(status: GitStatusResult | undefined): string[] {
  const names = (status?.files ?? []).map(({ path }) => path);
  const more = (status?.total ?? names.length) - MOST_NAMES;
  return more > 0 ? [...names.slice(0, MOST_NAMES), `and ${more} more`] : names;
}
