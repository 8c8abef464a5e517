import type { Asks } from "../../service-worker/news.ts";
import { dashboardOf, workerIn } from "../worker-address.ts";

export interface News {
  /** One of the same tag takes the place of the one before. */
  tag: string;
  title: string;
  body: string;
  /** What a press on one of its buttons answers. */
  asks?: Asks;
}

/** Whether this browser could tell somebody of anything: it is asked only where the page came over a safe way. */
export function canNotify(): boolean {
  return window.isSecureContext && "Notification" in window;
}

export function mayNotify(): boolean {
  return canNotify() && Notification.permission === "granted";
}

/** Shows it outside the page; false where the browser does not, as one of a phone that shows those of installed pages alone. */
export function notify(news: News, pressed: () => void): boolean {
  if (!mayNotify()) return false;
  const { controller } = navigator.serviceWorker ?? {};
  if (controller) {
    controller.postMessage({
      type: "tell",
      news: { ...news, path: `${dashboardOf(workerIn(location.pathname))}inbox` },
    });
    return true;
  }
  const { tag, title, body } = news;
  try {
    const notification = new Notification(title, { body, tag, icon: "/mark.svg" });
    notification.addEventListener("click", () => {
      window.focus();
      notification.close();
      pressed();
    });
    return true;
  } catch {
    return false;
  }
}
