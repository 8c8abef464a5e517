import { Boxes, ChartColumn, Inbox, ListChecks, Settings, type LucideIcon } from "lucide-react";

export interface Destination {
  to: string;
  label: string;
  Icon: LucideIcon;
  /** Pressed after `g`, it leads there. */
  key: string;
}

/** Where one can go from every page, in the order of the header, the phone's bar and the command palette. */
export const DESTINATIONS: readonly Destination[] = [
  { to: "/", label: "Workspaces", Icon: Boxes, key: "w" },
  { to: "/tasks", label: "Tasks", Icon: ListChecks, key: "t" },
  { to: "/inbox", label: "Inbox", Icon: Inbox, key: "i" },
  { to: "/usage", label: "Usage", Icon: ChartColumn, key: "u" },
  { to: "/settings", label: "Settings", Icon: Settings, key: "s" },
];
