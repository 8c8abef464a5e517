import { Boxes, Plus } from "lucide-react";
import { Button } from "../../../components/ui/button.tsx";
import { EmptyState } from "../../../components/ui/empty-state.tsx";

/** What a fresh worker shows: the one command, and the one button. */
export function EmptyList({ create }: { create: () => void }) {
  return (
    <EmptyState
      Icon={Boxes}
      title="No workspaces yet"
      action={
        <Button variant="primary" onClick={create}>
          <Plus aria-hidden />
          New workspace
        </Button>
      }
      command="ws start demo --clone https://github.com/org/repo"
    >
      A workspace is your repository with a home, tools and terminals of its own.
    </EmptyState>
  );
}
