import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { theme } from "../theme";
import { queryClient } from "./client";
import { Announcer } from "./Announcer";
import { router } from "./router";

/** Everything that holds on every screen. */
export function App({ nonce }: { nonce: string }) {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <QueryClientProvider client={queryClient}>
        <Announcer />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
