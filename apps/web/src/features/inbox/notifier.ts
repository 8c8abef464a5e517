import type { InboxItem } from "./items.ts";

export interface News {
  /** One of the same tag takes the place of the one before. */
  tag: string;
  title: string;
  body: string;
}

/** How long a page is out of sight before somebody counts as away. */
export const AWAY_MS = 30_000;

export interface Notifier {
  /** What waits for somebody by now. */
  update(items: readonly InboxItem[]): void;
}

interface NotifierOptions {
  now: () => number;
  /** Since when the page is out of sight; undefined while somebody may look at it. */
  hiddenSince: () => number | undefined;
  show: (news: News) => void;
}

/** Tells whoever is away of what is new, each thing once; never of what was there before they left. */
export function createNotifier({ now, hiddenSince, show }: NotifierOptions): Notifier {
  let known: ReadonlySet<string> | undefined;
  return {
    update(items) {
      const before = known;
      // What went and comes again is new.
      known = new Set(items.map(({ key }) => key));
      const since = hiddenSince();
      if (before === undefined || since === undefined || now() - since < AWAY_MS) return;
      for (const item of items) if (!before.has(item.key)) show(newsOf(item));
    },
  };
}

function newsOf(item: InboxItem): News {
  if (item.kind === "egress") {
    const hosts = item.refusals.map(({ host }) => host).join(", ");
    return { tag: `egress ${item.id}`, title: `${item.workspace}: a host was refused`, body: hosts };
  }
  const { task, key } = item;
  const where = task.workspace === "" ? "" : `${task.workspace}: `;
  const tool = task.tool ?? "A task";
  switch (item.kind) {
    case "limit": {
      const { length } = item.held;
      const body = length === 1 ? task.title : `${length} tasks wait for it.`;
      return { tag: key, title: `${tool} is at its limit`, body };
    }
    case "failed":
      return { tag: task.id, title: `${where}a task failed`, body: task.title };
    case "task":
      return task.status === "auth_failed"
        ? { tag: task.id, title: `${where}${tool} needs a sign-in`, body: task.title }
        : { tag: task.id, title: `${where}${tool} asks you`, body: task.question?.text ?? task.title };
  }
}
