import { useCallback, useEffect, useState } from "react";

const SHOWN_MS = 2_500;

/** A sentence that is shown for a moment. */
export function useSaid(): [said: string | undefined, say: (text: string) => void] {
  const [said, setSaid] = useState<{ text: string }>();
  useEffect(() => {
    if (said === undefined) return;
    const timer = setTimeout(() => setSaid(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [said]);
  // Said again it is shown for as long again.
  return [said?.text, useCallback((text: string) => setSaid({ text }), [])];
}
