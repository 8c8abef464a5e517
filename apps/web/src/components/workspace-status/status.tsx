import type { WorkspaceInfo } from "@ws/rpc-contract";
import { cn } from "../ui/cn.ts";
import { statusOf } from "./status-of.ts";

const tones = {
  good: { dot: "bg-good", text: "text-good" },
  busy: { dot: "bg-busy animate-breathe", text: "text-busy" },
  quiet: { dot: "border-[1.5px] border-muted", text: "text-muted" },
  bad: { dot: "bg-bad", text: "text-bad" },
};

/** What a workspace is doing, as a dot and a word. */
export function Status({ workspace, className }: { workspace: WorkspaceInfo; className?: string }) {
  const { tone, label } = statusOf(workspace);
  const { dot, text } = tones[tone];
  return (
    <span className={cn("inline-flex items-center gap-2 text-sm font-medium whitespace-nowrap", text, className)}>
      <span className={cn("size-2 shrink-0 rounded-full", dot)} aria-hidden />
      {label}
    </span>
  );
}
