import { Suspense, useEffect, useMemo, useState, type ReactNode } from "react";
import { Link, Outlet, useLocation } from "react-router";
import { ConnectionChip, OutageBar } from "../components/connection-chip.tsx";
import { lazyPart } from "../components/lazy-part.ts";
import { PartBoundary, PartFrame } from "../components/part-boundary.tsx";
import { Mark } from "../components/mark.tsx";
import { useToaster } from "../components/ui/toast.tsx";
import { UploadsProvider } from "../features/files/uploads-context.tsx";
import { InboxProvider } from "../features/inbox/inbox-context.tsx";
import { turnToListen } from "../features/inbox/turn-to-listen.ts";
import { WorkerSwitcher } from "../features/worker/worker-switcher.tsx";
import { LiveProvider, useLive } from "../live/live-context.tsx";
import { PaletteButton } from "../features/palette/palette-button.tsx";
import { loadPanels } from "../features/palette/verb-panels.tsx";
import { loadActions } from "../features/workspaces/actions/actions-menu.tsx";
import { loadSettings, SettingsMenu } from "../components/settings-menu.tsx";
import { SEEN_LIST_KEY } from "../features/workspaces/changes/key.ts";
import { mayNotify } from "../notifications/browser.ts";
import { useLead } from "../notifications/use-lead.ts";
import { useConnection, useServices } from "../services.ts";
import { HeaderNavigation, PhoneBar } from "./navigation.tsx";
import { useSignOut } from "./unsaved.tsx";
import { DashboardVerbs } from "./verbs.tsx";

const Later = lazyPart(() => import("./later.tsx"));
const WorkerAway = lazyPart(() => import("../features/worker/worker-away.tsx"));

/** The frame of every page behind sign-in. The live stream lives here, so that it outlasts the pages. */
export function Layout() {
  const toaster = useToaster();
  const { pathname } = useLocation();
  useEffect(() => toaster.onPage(pathname), [pathname, toaster]);
  return (
    <LiveProvider turnToListen={turnToListen}>
      <GuardedInbox>
        <div className="flex h-dvh flex-col">
          <a
            href="#content"
            className="sr-only z-50 rounded-lg bg-surface px-3 py-2 focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
          >
            Skip to content
          </a>
          <Header />
          <OutageBar />
          <main id="content" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
            <UploadsProvider>
              <PartBoundary page={pathname}>
                <WhereThere>
                  <Outlet />
                </WhereThere>
              </PartBoundary>
            </UploadsProvider>
          </main>
          <PhoneBar />
        </div>
      </GuardedInbox>
    </LiveProvider>
  );
}

/** A worker behind this agent may be away, and stay so. */
function WhereThere({ children }: { children: ReactNode }) {
  const { worker } = useServices();
  const { workspaces } = useLive();
  const { kind } = useConnection();
  if (worker === undefined || workspaces !== undefined || kind !== "down") return children;
  return (
    <PartFrame fallback={children}>
      <WorkerAway worker={worker}>{children}</WorkerAway>
    </PartFrame>
  );
}

/** Only a workspace of the profile `agent` is not let out everywhere. */
function GuardedInbox({ children }: { children: ReactNode }) {
  const { workspaces, refusals } = useLive();
  const guarded = useMemo(
    () =>
      (workspaces ?? [])
        .filter(({ profile, status }) => profile === "agent" && status === "running")
        .map(({ id, name }) => ({ id, name, refusals: refusals.get(id) ?? 0 })),
    [workspaces, refusals],
  );
  return <InboxProvider guarded={guarded}>{children}</InboxProvider>;
}

const SIGNS = ["pointermove", "pointerdown", "keydown"] as const;

/**
 * With the first sign that somebody is about to do something: what a press asks for at once, and what is to be there also when the
 * worker is not. A page that is only looked at loads nothing more; what fails here is loaded at the press.
 */
function useLoadAhead(isThere: boolean): boolean {
  const [isUsed, setIsUsed] = useState(false);
  useEffect(() => {
    if (!isThere) return;
    const over = new AbortController();
    const load = () => {
      over.abort();
      setIsUsed(true);
      void Promise.allSettled([loadSettings(), loadActions(), loadPanels(), import("./workspace.tsx")]);
    };
    for (const sign of SIGNS) addEventListener(sign, load, { signal: over.signal, passive: true });
    return () => over.abort();
  }, [isThere]);
  return isUsed;
}

function Header() {
  const { connection } = useLive();
  useLead();
  // What is begun once the first screen is there goes on while the worker is away.
  const [wasLive, setWasLive] = useState(false);
  if (connection === "live" && !wasLive) setWasLive(true);
  const isUsed = useLoadAhead(wasLive);
  // Where there is something to tell it is told to whoever only looks, too.
  const [hasNews] = useState(() => mayNotify() || localStorage.getItem(SEEN_LIST_KEY) !== null);
  const { signOut, question } = useSignOut();
  return (
    <header className="group/header flex h-12 shrink-0 items-center gap-3 border-b border-line bg-surface px-4 pointer-coarse:h-14 sm:px-6 short:h-9">
      <Link to="/" className="flex shrink-0 items-center gap-2.5 rounded-md">
        <Mark className="size-7 shrink-0 short:size-6" />
        <span className="font-semibold tracking-tight group-has-data-switcher/header:max-sm:sr-only">Workspace</span>
      </Link>
      <WorkerSwitcher />
      <HeaderNavigation />
      <span className="flex-1 max-sm:hidden" />
      <PaletteButton />
      <ConnectionChip knows={connection === "live"} />
      <SettingsMenu signOut={signOut} />
      {question}
      <DashboardVerbs signOut={signOut} />
      {wasLive && (isUsed || hasNews) && (
        <Suspense>
          <Later />
        </Suspense>
      )}
    </header>
  );
}
