import { useEffect } from "react";
import { Link, Outlet, useLocation } from "react-router";
import { ConnectionChip } from "../components/connection-chip.tsx";
import { PartBoundary } from "../components/part-boundary.tsx";
import { Mark } from "../components/mark.tsx";
import { useToaster } from "../components/ui/toast.tsx";
import { UploadsProvider } from "../features/files/uploads-context.tsx";
import { useHostname } from "../features/worker/worker-banners.tsx";
import { LiveProvider, useLive } from "../features/workspaces/live-context.tsx";
import { SettingsMenu } from "../components/settings-menu.tsx";
import { useSignOut } from "./unsaved.tsx";

/** The frame of every page behind sign-in. The live stream lives here, so that it outlasts the pages. */
export function Layout() {
  const toaster = useToaster();
  const { pathname } = useLocation();
  useEffect(() => toaster.onPage(pathname), [pathname, toaster]);
  return (
    <LiveProvider>
      <div className="flex h-dvh flex-col">
        <a
          href="#content"
          className="sr-only z-50 rounded-lg bg-surface px-3 py-2 focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
        >
          Skip to content
        </a>
        <Header />
        <main id="content" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
          <UploadsProvider>
            <PartBoundary>
              <Outlet />
            </PartBoundary>
          </UploadsProvider>
        </main>
      </div>
    </LiveProvider>
  );
}

function Header() {
  const { connection, retryNow } = useLive();
  const hostname = useHostname();
  const { signOut, question } = useSignOut();
  return (
    <header className="flex h-14 shrink-0 items-center gap-3 border-b border-line bg-surface px-4 sm:px-6 short:h-9">
      <Link to="/" className="flex min-w-0 items-center gap-2.5 rounded-md">
        <Mark className="size-7 shrink-0 short:size-6" />
        <span className="font-semibold tracking-tight">Workspace</span>
        {hostname !== undefined && (
          <span className="truncate border-l border-line pl-2.5 font-mono text-[0.8125rem] text-muted">{hostname}</span>
        )}
      </Link>
      <span className="flex-1" />
      <ConnectionChip connection={connection} retry={retryNow} />
      <SettingsMenu signOut={signOut} />
      {question}
    </header>
  );
}
