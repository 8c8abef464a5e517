import { createContext, use } from "react";
import { useServices } from "../services.ts";

/** How many things wait for somebody. */
export const NeedsContext = createContext(0);

/** The title of the page's tab, with the number of things that wait for somebody before it, and the worker where the page is another's. */
export function PageTitle({ children }: { children: string }) {
  const needs = use(NeedsContext);
  const { worker } = useServices();
  return <title>{`${needs > 0 ? `(${needs}) ` : ""}${children} · ${worker ?? "Workspace"}`}</title>;
}
