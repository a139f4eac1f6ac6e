import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { meQuery } from "../api/query";
import { watch } from "../api/stream";
import { heardTyping } from "../help/typing";
import { leave } from "../shell/client";

/** Listens to what staff should look at again. */
export function useStaffLine(): void {
  const client = useQueryClient();
  useEffect(
    () =>
      watch("/api/staff/events", {
        look: () => {
          void client.invalidateQueries({ queryKey: ["staff"] });
          void client.invalidateQueries({ queryKey: ["home"] }); // of a customer in a session
          void client.invalidateQueries({ queryKey: ["members"] });
        },
        typing: heardTyping,
        line: (state) => {
          if (state === "signed-out" && client.getQueryData(meQuery.queryKey)) leave(true);
        },
      }),
    [client],
  );
}
