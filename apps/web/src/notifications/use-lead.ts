import { useEffect } from "react";
import { useNavigate } from "react-router";

/** A notification was pressed: this page goes where it leads. */
export function useLead(): void {
  const navigate = useNavigate();
  useEffect(() => {
    if (!("serviceWorker" in navigator)) return undefined;
    const { serviceWorker } = navigator;
    const follow = ({ data }: MessageEvent<{ type?: unknown; path?: unknown } | undefined>) => {
      if (data?.type === "lead" && typeof data.path === "string") void navigate(data.path);
    };
    serviceWorker.addEventListener("message", follow);
    return () => serviceWorker.removeEventListener("message", follow);
  }, [navigate]);
}
