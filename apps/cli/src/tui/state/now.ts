import { useEffect, useState } from "react";

/** How often ages are told anew. */
const TICK_MS = 10_000;

/** The time in milliseconds, not older than ten seconds. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const ticking = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(ticking);
  }, []);
  return now;
}
