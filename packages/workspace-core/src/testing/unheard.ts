interface Host {
  process: Record<"on" | "off", (event: "unhandledRejection", listener: (error: unknown) => void) => void>;
}

/** What fails during this work, and nobody waits for. */
export async function unheardOf(work: () => Promise<unknown>): Promise<unknown[]> {
  const unheard: unknown[] = [];
  const hear = (error: unknown): void => void unheard.push(error);
  const { process } = globalThis as unknown as Host;
  process.on("unhandledRejection", hear);
  try {
    await work();
    // It is told at the end of the turn.
    await new Promise((resolve) => setTimeout(resolve));
  } finally {
    process.off("unhandledRejection", hear);
  }
  return unheard;
}
