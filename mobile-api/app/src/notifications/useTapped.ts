import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { type Destination, opened, pathOf } from "./message";

/** Goes where a tapped notification leads; a screen with unsaved work asks before it lets go. */
export function useTapped(): void {
  const navigate = useNavigate();
  useEffect(() => {
    const worker = "serviceWorker" in navigator ? navigator.serviceWorker : null;
    const go = ({ data }: MessageEvent<{ type?: string; to?: Destination } | null>) => {
      if (data?.type !== opened || !data.to) return;
      void navigate({ to: pathOf(data.to), search: data.to.home ? { home: data.to.home } : {} });
    };
    worker?.addEventListener("message", go);
    return () => worker?.removeEventListener("message", go);
  }, [navigate]);
}
