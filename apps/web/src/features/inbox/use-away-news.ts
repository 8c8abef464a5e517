import { useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { useInbox } from "./inbox-context.tsx";
import { createNotifier, type News } from "./notifier.ts";

/** Tells somebody who is away, where they have let the browser do so. */
export function useAwayNews(): void {
  const { items } = useInbox();
  const navigate = useNavigate();
  const [{ notifier, follow, onPress }] = useState(createAway);
  useEffect(follow, [follow]);
  useEffect(() => onPress(() => void navigate("/inbox")), [navigate, onPress]);
  useEffect(() => {
    if (items !== undefined) notifier.update(items);
  }, [items, notifier]);
}

function createAway() {
  let hiddenSince: number | undefined;
  let pressed = () => {};
  const look = () => {
    hiddenSince = document.visibilityState === "hidden" ? (hiddenSince ?? Date.now()) : undefined;
  };
  const show = ({ tag, title, body }: News) => {
    if (!mayNotify()) return;
    const notification = new Notification(title, { body, tag, icon: "/mark.svg" });
    notification.addEventListener("click", () => {
      window.focus();
      notification.close();
      pressed();
    });
  };
  return {
    onPress: (then: () => void) => void (pressed = then),
    notifier: createNotifier({ now: Date.now, hiddenSince: () => hiddenSince, show }),
    follow() {
      look();
      document.addEventListener("visibilitychange", look);
      return () => document.removeEventListener("visibilitychange", look);
    },
  };
}

function mayNotify(): boolean {
  return window.isSecureContext && "Notification" in window && Notification.permission === "granted";
}

/**
 * Whether this tab listens on while it is hidden: one of a browser's tabs does, where it may tell somebody. Resolves once it
 * is this one's turn, and never where it is not.
 */
export function turnToListen(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (!mayNotify() || !("locks" in navigator)) return promise;
  const hold = () => {
    resolve();
    return new Promise<void>((release) => signal.addEventListener("abort", () => release(), { once: true }));
  };
  navigator.locks.request("ws.away", { signal }, hold).catch(() => undefined);
  return promise;
}
