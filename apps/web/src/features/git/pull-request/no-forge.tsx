import { Command } from "../../../components/command.tsx";

/** In the form's place where the repository lies on the worker: how the work is handed in there. */
export function NoForge({ project, branch }: { project: string; branch: string }) {
  return (
    <section aria-labelledby="no-forge" className="space-y-4 text-sm">
      <div>
        <h2 id="no-forge" className="text-base font-semibold">
          This repository lies on the worker
        </h2>
        <p className="mt-1 text-muted">
          It has no forge, so there are no pull requests. The work is handed in as a change: push the branch above, then
          record it once under a name and submit it, in a terminal on the worker.
        </p>
      </div>
      <Command>{`ws change set NAME --project ${project} --branch ${branch}`}</Command>
      <Command>ws change submit NAME</Command>
      <p className="text-muted">
        Submitting merges the branch, unless the project says otherwise. What conflicts is refused, and nothing moves.
      </p>
    </section>
  );
}
