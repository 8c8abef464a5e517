import { Sparkles } from "lucide-react";
import { useCodeActions } from "../../../components/code-actions-context.ts";
import { Button } from "../../../components/ui/button.tsx";

/** Has a coding tool look at what a commit would take. */
export function ReviewChanges({ staged }: { staged: boolean }) {
  const ask = useCodeActions();
  if (ask === undefined) return null;
  const about = staged ? "what is staged" : "what is not committed";
  return (
    <div className="flex shrink-0 justify-end border-b border-line px-3 py-1.5">
      <Button
        size="small"
        variant="ghost"
        onClick={() => ask({ action: "review", about, context: { diff: staged ? "staged" : "working" } })}
      >
        <Sparkles aria-hidden />
        {staged ? "Review what is staged" : "Review these changes"}
      </Button>
    </div>
  );
}
