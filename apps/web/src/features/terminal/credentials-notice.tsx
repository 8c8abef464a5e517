import { KeyRound, X } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/ui/button.tsx";
import { useLive } from "../../live/live-context.tsx";

/** Says once for each change that what runs already was begun with other credentials. */
export function CredentialsNotice({ workspace }: { workspace: string }) {
  const { workspaces, credentials } = useLive();
  const id = workspaces?.find(({ name }) => name === workspace)?.id ?? "";
  const changes = credentials.get(id) ?? 0;
  const [seen, setSeen] = useState(changes);
  if (changes === seen) return null;
  return (
    <div
      role="status"
      className="flex items-center gap-2 border-b border-line bg-raised py-1 pr-2 pl-4 text-[0.8125rem] text-ink"
    >
      <KeyRound className="size-4 shrink-0 text-muted" aria-hidden />
      <p className="min-w-0 flex-1">
        The worker&rsquo;s credentials have changed.{" "}
        <span className="text-muted">What runs already has the old ones; a new terminal has the new ones.</span>
      </p>
      <Button variant="ghost" size="iconSmall" aria-label="Dismiss" onClick={() => setSeen(changes)}>
        <X aria-hidden />
      </Button>
    </div>
  );
}
