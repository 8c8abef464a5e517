import { useCallback, useEffect, useState } from "react";

const SHOWN_MS = 8_000;

/** A sum that is shown for a while. */
export function useFadingCount(): [number, (more: number) => void] {
  const [count, setCount] = useState(0);
  const add = useCallback((more: number) => setCount((before) => before + more), []);
  useEffect(() => {
    if (count === 0) return;
    const timer = setTimeout(() => setCount(0), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [count]);
  return [count, add];
}
