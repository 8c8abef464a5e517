import { Plus } from "lucide-react";
import { useCallback, useMemo } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { DialogFrame } from "../components/dialog-frame.tsx";
import { lazyPart } from "../components/lazy-part.ts";
import { PageTitle } from "../components/page-title.tsx";
import { cn } from "../components/ui/cn.ts";
import { Button } from "../components/ui/button.tsx";
import { CostToday } from "../features/usage/cost-today.tsx";
import { WorkerBanners, WorkerRemarks } from "../features/worker/worker-banners.tsx";
import { useLive } from "../live/live-context.tsx";
import { UsageProvider } from "../live/usage-context.tsx";
import { useInbox } from "../features/inbox/inbox-context.tsx";
import { WorkspaceList } from "../features/workspaces/list/workspace-list.tsx";
import { needsOf } from "./needs.ts";

const CreateDialog = lazyPart(() => import("../features/workspaces/create/create-dialog.tsx"));

/** The list, and over it, at /new, the dialog that creates one. */
export function WorkspacesPage({ creating = false }: { creating?: boolean }) {
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const { workspaces } = useLive();
  const create = useCallback(() => void navigate("/new"), [navigate]);
  const leave = () => void navigate("/");
  const { items } = useInbox();
  const needs = useMemo(() => needsOf(items ?? []), [items]);
  const count = workspaces?.length ?? 0;

  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <PageTitle>{creating ? "New workspace" : "Workspaces"}</PageTitle>
      <div className="mx-auto w-full max-w-[96rem] px-4 py-5 sm:px-6 sm:py-7">
        {/* As high with the button as before it comes. */}
        <div
          className={cn(
            "mb-4 flex items-center justify-between gap-4",
            (workspaces === undefined || count > 0) && "pointer-coarse:min-h-11",
          )}
        >
          <h1 className="text-lg leading-9 font-semibold">
            Workspaces
            {count > 0 && <span className="ml-2 text-base font-normal text-muted tabular-nums">{count}</span>}
          </h1>
          {count > 0 && (
            <Button variant="primary" onClick={create} aria-keyshortcuts="n">
              <Plus aria-hidden />
              <span>
                New<span className="max-sm:sr-only"> workspace</span>
              </span>
            </Button>
          )}
        </div>
        <div className="mb-5 empty:hidden">
          <WorkerBanners />
        </div>
        <UsageProvider>
          <WorkspaceList create={create} needs={needs} cost={<CostToday />} />
        </UsageProvider>
        {workspaces !== undefined && <WorkerRemarks />}
      </div>
      {creating && (
        <DialogFrame close={leave}>
          <CreateDialog link={query} close={leave} onReady={(name) => void navigate(`/w/${name}`)} />
        </DialogFrame>
      )}
    </div>
  );
}
