import { BookOpenText, FileText, FlaskConical, Hammer, ScanSearch, Shapes, type LucideIcon } from "lucide-react";
import type { TaskAction } from "@ws/rpc-contract";
import type { CodeAsk } from "./code-actions-context.ts";
import { DropdownMenuItem } from "./ui/dropdown-menu.tsx";

export const CODE_ACTIONS: Readonly<Record<TaskAction, { label: string; Icon: LucideIcon }>> = {
  explain: { label: "Explain", Icon: BookOpenText },
  fix: { label: "Fix", Icon: Hammer },
  test: { label: "Write tests", Icon: FlaskConical },
  review: { label: "Review", Icon: ScanSearch },
  refactor: { label: "Refactor", Icon: Shapes },
  document: { label: "Document", Icon: FileText },
};

/** The actions as items of a menu. */
export function CodeActionItems({ ask, about, context }: { ask: (ask: CodeAsk) => void } & Omit<CodeAsk, "action">) {
  return Object.entries(CODE_ACTIONS).map(([action, { label, Icon }]) => (
    <DropdownMenuItem key={action} onSelect={() => ask({ action: action as TaskAction, about, context })}>
      <Icon aria-hidden />
      {label}
    </DropdownMenuItem>
  ));
}
