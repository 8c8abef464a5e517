import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { BrowserRouter, Route, Routes, useParams } from "react-router";
import type { Services } from "./client.ts";
import { lazyPart } from "./components/lazy-part.ts";
import { PartBoundary, PartFrame } from "./components/part-boundary.tsx";
import { ToastProvider } from "./components/ui/toast.tsx";
import { VerbsProvider } from "./components/verbs/verbs-context.tsx";
import { isUnauthorized } from "./problem.ts";
import { ComparePage } from "./routes/compare.tsx";
import { InboxPage } from "./routes/inbox.tsx";
import { Layout } from "./routes/layout.tsx";
import { NotFoundPage } from "./routes/not-found.tsx";
import { SettingsPage } from "./routes/settings.tsx";
import { SignInPage } from "./routes/sign-in.tsx";
import { TasksPage } from "./routes/tasks.tsx";
import { UnsavedProvider } from "./routes/unsaved.tsx";
import { UsagePage } from "./routes/usage.tsx";
import { WorkersPage } from "./routes/workers.tsx";
import { WorkspaceSkeleton } from "./routes/workspace-skeleton.tsx";
import { WorkspacesPage } from "./routes/workspaces.tsx";
import { isWatchPath } from "./worker-address.ts";
import { ServicesContext, useServices, useSession } from "./services.ts";

const WatchPage = lazyPart(() => import("./routes/watch.tsx"));
const WorkspacePage = lazyPart(() => import("./routes/workspace.tsx"));

export function App({ services }: { services: Services }) {
  return (
    <ServicesContext value={services}>
      <ToastProvider>
        <UnsavedProvider>
          <PartBoundary>
            <Gate />
          </PartBoundary>
        </UnsavedProvider>
      </ToastProvider>
    </ServicesContext>
  );
}

/** Nothing of the agent is asked for, and no cached answer survives, without a signed-in session. */
function Gate() {
  const session = useSession();
  // Who was given a link to one terminal signs in to nothing.
  if (isWatchPath(location.pathname)) {
    return (
      <PartFrame fallback={null}>
        <WatchPage />
      </PartFrame>
    );
  }
  if (session.kind !== "signed_in") return <SignInPage session={session} />;
  // What was opened with one token ends with it.
  return <SignedIn key={session.token} />;
}

function SignedIn() {
  const { worker, connection } = useServices();
  const [queryClient] = useState(createQueryClient);
  // What failed because the worker was away is asked again when it is back.
  useEffect(
    () =>
      connection.subscribe(() => {
        if (connection.state().kind === "up") void queryClient.refetchQueries({ type: "active", predicate: hasFailed });
      }),
    [connection, queryClient],
  );
  return (
    <QueryClientProvider client={queryClient}>
      <VerbsProvider>
        <BrowserRouter {...(worker !== undefined && { basename: `/@${worker}` })}>
          <Routes>
            <Route element={<Layout />}>
              <Route index element={<WorkspacesPage />} />
              <Route path="new" element={<WorkspacesPage creating />} />
              <Route path="tasks" element={<TasksPage />} />
              <Route path="inbox" element={<InboxPage />} />
              <Route path="compare/:id?" element={<ComparePage />} />
              <Route path="usage" element={<UsagePage />} />
              {worker === undefined && <Route path="workers" element={<WorkersPage />} />}
              <Route path="settings/:section?" element={<SettingsPage />} />
              <Route path="w/:name/:part?" element={<WorkspaceFrame />} />
              <Route path="*" element={<NotFoundPage />} />
            </Route>
          </Routes>
        </BrowserRouter>
      </VerbsProvider>
    </QueryClientProvider>
  );
}

function WorkspaceFrame() {
  const { name = "" } = useParams();
  return (
    <PartFrame fallback={<WorkspaceSkeleton name={name} />}>
      <WorkspacePage />
    </PartFrame>
  );
}

function hasFailed({ state }: { state: { status: string } }): boolean {
  return state.status === "error";
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < 2 && !isUnauthorized(error),
        staleTime: 10_000,
        // Without the internet a worker on this machine, or in this network, is still there.
        networkMode: "always",
      },
    },
  });
}
