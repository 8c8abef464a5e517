import { useSyncExternalStore } from "react";
import { useServices } from "../services.ts";
import type { NewsChoices } from "./choices.ts";

/** What this browser tells somebody who is away of; shown anew when that is chosen otherwise. */
export function useNewsChoices(): NewsChoices {
  const { news } = useServices();
  useSyncExternalStore(news.subscribe, news.unwanted);
  return news;
}
