import type { UpdateInput } from "@ws/rpc-contract";
import { useToaster } from "../../../components/ui/toast.tsx";
import type { Problem } from "../../../problem.ts";
import { useServices } from "../../../services.ts";

export type Change = Omit<UpdateInput, "name">;

/** Changes a workspace, and says what that means for what runs. Rejects with what was in the way. */
export function useUpdate(name: string): (change: Change) => Promise<Problem | undefined> {
  const { client } = useServices();
  const toaster = useToaster();
  return async (change) => {
    const { forNewPrograms } = await client.workspaces.update({ name, ...change });
    toaster.done(
      forNewPrograms.length === 0
        ? "Saved."
        : "Saved. Programs that are begun from now on have it; those that run keep what they had.",
    );
    return undefined;
  };
}
