import { Button } from "../../components/ui/button.tsx";
import { useConnection } from "../../services.ts";
import { isPicked, othersOf, whyNotPicked, type Attempt } from "./attempt.ts";

interface PickButtonProps {
  attempt: Attempt;
  attempts: readonly Attempt[];
  primary: boolean;
  pick: (attempt: Attempt) => void;
}

/** Opens what makes this attempt the one that is kept. */
export function PickButton({ attempt, attempts, primary, pick }: PickButtonProps) {
  const { kind } = useConnection();
  const { name, status } = attempt;
  if (status === "removed") return null;
  const picked = isPicked(attempt);
  // All is done.
  if (picked && othersOf(attempts, attempt).length === 0) return null;
  const anyPicked = attempts.some(isPicked);
  const why = whyNotPicked(attempt, kind === "down" || kind === "stopped");
  const verb = picked ? "Finish" : "Pick";
  return (
    <Button
      size="small"
      variant={primary && (picked || !anyPicked) ? "primary" : "secondary"}
      disabled={why !== undefined}
      title={why}
      aria-label={`${verb} ${name}…`}
      onClick={() => pick(attempt)}
    >
      {verb}…
    </Button>
  );
}
