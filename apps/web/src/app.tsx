import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { BrowserRouter, Route, Routes } from "react-router";
import type { Services } from "./client.ts";
import { PartBoundary } from "./components/part-boundary.tsx";
import { ToastProvider } from "./components/ui/toast.tsx";
import { TooltipProvider } from "./components/ui/tooltip.tsx";
import { isUnauthorized } from "./problem.ts";
import { Layout } from "./routes/layout.tsx";
import { NotFoundPage } from "./routes/not-found.tsx";
import { SignInPage } from "./routes/sign-in.tsx";
import { UnsavedProvider } from "./routes/unsaved.tsx";
import { WorkspacePage } from "./routes/workspace.tsx";
import { WorkspacesPage } from "./routes/workspaces.tsx";
import { ServicesContext, useSession } from "./services.ts";

export function App({ services }: { services: Services }) {
  return (
    <ServicesContext value={services}>
      <TooltipProvider delayDuration={400}>
        <ToastProvider>
          <UnsavedProvider>
            <PartBoundary>
              <Gate />
            </PartBoundary>
          </UnsavedProvider>
        </ToastProvider>
      </TooltipProvider>
    </ServicesContext>
  );
}

/** Nothing of the agent is asked for, and no cached answer survives, without a signed-in session. */
function Gate() {
  const session = useSession();
  if (session.kind !== "signed_in") return <SignInPage session={session} />;
  // What was opened with one token ends with it.
  return <SignedIn key={session.token} />;
}

function SignedIn() {
  const [queryClient] = useState(createQueryClient);
  return (
    <QueryClientProvider client={queryClient}>
      <BrowserRouter>
        <Routes>
          <Route element={<Layout />}>
            <Route index element={<WorkspacesPage />} />
            <Route path="new" element={<WorkspacesPage creating />} />
            <Route path="w/:name/:part?" element={<WorkspacePage />} />
            <Route path="*" element={<NotFoundPage />} />
          </Route>
        </Routes>
      </BrowserRouter>
    </QueryClientProvider>
  );
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
