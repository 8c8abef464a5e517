import type { News } from "../../notifications/browser.ts";
import type { NewsKind } from "../../notifications/choices.ts";

/** Something that may be news to somebody. `key` is the same for as long as it is the same thing. */
export interface Tellable {
  key: string;
  kind: NewsKind;
  news: News;
}

/** How long a page is out of sight before somebody counts as away. */
export const AWAY_MS = 30_000;

export interface Notifier {
  /** All that there is to tell of by now. */
  update(all: readonly Tellable[]): void;
}

interface NotifierOptions {
  now: () => number;
  /** Since when the page is out of sight; undefined while somebody may look at it. */
  hiddenSince: () => number | undefined;
  /** Whether somebody wants to be told of such things. */
  wants: (kind: NewsKind) => boolean;
  show: (news: News) => void;
}

/** Tells whoever is away of what is new, each thing once; never of what was there before they left. */
export function createNotifier({ now, hiddenSince, wants, show }: NotifierOptions): Notifier {
  let known: ReadonlySet<string> | undefined;
  return {
    update(all) {
      const before = known;
      // What went and comes again is new.
      known = new Set(all.map(({ key }) => key));
      const since = hiddenSince();
      if (before === undefined || since === undefined || now() - since < AWAY_MS) return;
      for (const { key, kind, news } of all) if (!before.has(key) && wants(kind)) show(news);
    },
  };
}
