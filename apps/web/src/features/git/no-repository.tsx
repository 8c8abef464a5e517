import { GitBranch } from "lucide-react";

/** In the panel's place where the workspace was made without a repository. */
export function NoRepository({ name }: { name: string }) {
  return (
    <div className="flex-1 overflow-y-auto px-5 py-12 text-center">
      <GitBranch className="mx-auto size-8 text-muted" aria-hidden />
      <h2 className="mt-3 text-lg font-semibold">'{name}' has no repository</h2>
      <p className="mx-auto mt-1.5 max-w-md text-muted">
        It was created without one. A workspace of a repository is made with its address: “New workspace” asks for it.
      </p>
    </div>
  );
}
