import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleX,
  Hourglass,
  KeyRound,
  LoaderCircle,
  MessageCircleQuestion,
  type LucideIcon,
} from "lucide-react";
import type { TaskInfo, TaskStatus } from "@ws/rpc-contract";
import { cn } from "../components/ui/cn.ts";
import { statusOf, type Tone } from "./status.ts";

const ICONS: Readonly<Record<TaskStatus, LucideIcon>> = {
  pending: CircleDashed,
  running: LoaderCircle,
  waiting_input: MessageCircleQuestion,
  limited: Hourglass,
  auth_failed: KeyRound,
  completed: CircleCheck,
  failed: CircleX,
  cancelled: Ban,
};

export const toneText: Readonly<Record<Tone, string>> = {
  good: "text-good",
  busy: "text-busy",
  quiet: "text-muted",
  warn: "text-warn",
  bad: "text-bad",
};

/** The state of a task as a picture; its word stands beside it. */
export function StatusIcon({ task, className }: { task: TaskInfo; className?: string }) {
  const Icon = ICONS[task.status];
  const spins = task.status === "running";
  return (
    <Icon
      aria-hidden
      className={cn("size-4.5 shrink-0", toneText[statusOf(task).tone], spins && "animate-spin", className)}
    />
  );
}
