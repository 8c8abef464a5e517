import { Plus } from "lucide-react";
import { Command } from "../../components/command.tsx";
import { Button } from "../../components/ui/button.tsx";

/** What a fresh worker shows: the one command, and the one button. */
export function EmptyList({ create }: { create: () => void }) {
  return (
    <div className="rounded-xl border border-dashed border-line-strong/60 px-5 py-14 text-center">
      <h2 className="text-lg font-semibold">No workspaces yet</h2>
      <p className="mx-auto mt-1 max-w-md text-sm text-muted">
        A workspace is your repository with a home, tools and terminals of its own.
      </p>
      <Button variant="primary" className="mt-6" onClick={create}>
        <Plus aria-hidden />
        New workspace
      </Button>
      <p className="mt-8 mb-2 text-[0.8125rem] text-muted">or, in a terminal on the worker:</p>
      <div className="mx-auto w-fit max-w-full">
        <Command>ws start demo --clone https://github.com/org/repo</Command>
      </div>
    </div>
  );
}
