import { useSyncExternalStore } from "react";
import { announcement } from "./announcement";

/** The one live region of the app. */
export function Announcer() {
  const text = useSyncExternalStore(announcement.subscribe, announcement.get);
  return (
    <div className="unseen" role="status" aria-live="polite">
      {text}
    </div>
  );
}
