import { createContext, use, useEffect, useRef, useState, type ReactNode } from "react";
import { createVerbRegistry, type VerbRegistry, type VerbSource } from "./verbs.ts";

const VerbsContext = createContext<VerbRegistry | undefined>(undefined);

/** Above everything that offers verbs, and the palette. */
export function VerbsProvider({ children }: { children: ReactNode }) {
  const [registry] = useState(createVerbRegistry);
  return <VerbsContext value={registry}>{children}</VerbsContext>;
}

export function useVerbRegistry(): VerbRegistry {
  const registry = use(VerbsContext);
  if (registry === undefined) throw new Error("useVerbRegistry needs a VerbsProvider above it.");
  return registry;
}

/** Offers verbs for as long as what calls it is on the screen. They are those of its last render; nothing has to be memoized. */
export function useVerbs(source: VerbSource): void {
  const registry = useVerbRegistry();
  const latest = useRef(source);
  useEffect(() => {
    latest.current = source;
  });
  useEffect(() => registry.offer(() => latest.current()), [registry]);
}
