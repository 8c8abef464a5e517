import {
  Activity,
  FolderTree,
  GitBranch,
  ListChecks,
  Plug,
  ScrollText,
  SlidersHorizontal,
  SquareTerminal,
  type LucideIcon,
} from "lucide-react";

/** What a workspace's page is made of, in the order of the tabs; each has the address `/w/NAME/PART`. */
export const PARTS = {
  terminals: { title: "Terminals", Icon: SquareTerminal },
  files: { title: "Files", Icon: FolderTree },
  git: { title: "Git", Icon: GitBranch },
  tasks: { title: "Tasks", Icon: ListChecks },
  ports: { title: "Ports", Icon: Plug },
  overview: { title: "Overview", Icon: Activity },
  logs: { title: "Logs", Icon: ScrollText },
  settings: { title: "Settings", Icon: SlidersHorizontal },
} satisfies Record<string, { title: string; Icon: LucideIcon }>;

export type Part = keyof typeof PARTS;

/** The part of an address, also as it was called before; undefined where a workspace has none of that name. */
export function partOf(text: string): Part | undefined {
  if (text === "details") return "overview";
  return Object.hasOwn(PARTS, text) ? (text as Part) : undefined;
}

/** Which of these comes before, or after, the one of this name; from the last one on to the first. Undefined where it is the only one. */
export function neighbour<W extends { name: string }>(all: readonly W[], name: string, step: 1 | -1): W | undefined {
  const at = all.findIndex((one) => one.name === name);
  if (at === -1 || all.length < 2) return undefined;
  return all[(at + step + all.length) % all.length];
}
