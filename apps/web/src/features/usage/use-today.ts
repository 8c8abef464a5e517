import { useEffect, useState } from "react";
import { dayOf } from "./range.ts";

const LOOK_EVERY_MS = 60_000;

/** An instant of the present day; another one once a new day has begun, however long the page is open. */
export function useToday(): number {
  const [instant, setInstant] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      const now = Date.now();
      setInstant((before) => (dayOf(before) === dayOf(now) ? before : now));
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return instant;
}
