export interface Ranking {
  fits(path: string): boolean;
  add(path: string): void;
  result(): { paths: string[]; truncated: boolean };
}

/** Keeps the `most` paths that fit a query best: in the name before in a folder, at its beginning before inside, short before long. */
export function createRanking(query: string, most: number): Ranking {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const last = words.at(-1) ?? "";
  let kept: { path: string; rank: number }[] = [];
  let truncated = false;

  return {
    fits(path) {
      const low = path.toLowerCase();
      return words.every((word) => low.includes(word));
    },
    add(path) {
      kept.push({ path, rank: rankOf(path) });
      // Now and then, so that it neither grows without end nor sorts at each.
      if (kept.length > most * 10 + 1_000) tidy();
    },
    result() {
      tidy();
      return { paths: kept.map(({ path }) => path), truncated };
    },
  };

  function tidy(): void {
    kept.sort((a, b) => a.rank - b.rank || a.path.length - b.path.length || (a.path < b.path ? -1 : 1));
    truncated ||= kept.length > most;
    kept = kept.slice(0, most);
  }

  function rankOf(path: string): number {
    const base = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
    if (base === last) return 0;
    if (base.startsWith(last)) return 1;
    return base.includes(last) ? 2 : 3;
  }
}
