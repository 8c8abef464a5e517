import type { ReactNode } from "react";
import { Link } from "react-router";
import { PageTitle } from "../components/page-title.tsx";
import { buttonVariants } from "../components/ui/button.tsx";

export function NotFoundPage({ children }: { children?: ReactNode }) {
  return (
    <div className="mx-auto flex max-w-md flex-1 flex-col items-center justify-center px-5 text-center">
      <PageTitle>Not found</PageTitle>
      <p className="font-mono text-sm text-muted">404</p>
      <h1 className="mt-1 text-xl font-semibold">There is nothing here</h1>
      <p className="mt-1.5 text-muted">{children ?? "This address belongs to no page of the dashboard."}</p>
      <Link to="/" className={buttonVariants({ variant: "primary", className: "mt-6" })}>
        All workspaces
      </Link>
    </div>
  );
}
