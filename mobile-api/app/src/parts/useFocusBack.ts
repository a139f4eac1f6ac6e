import { useLayoutEffect } from "react";

/**
 * Gives the focus back to where it was before something opened, when that goes and takes the focus with it. The library does
 * so for what it sees being closed, and not for what is taken off the page while it is open.
 */
export function useFocusBack(opened: boolean): void {
  useLayoutEffect(() => {
    if (!opened) return;
    const before = document.activeElement;
    return () => {
      setTimeout(() => {
        const lost = document.activeElement === null || document.activeElement === document.body;
        if (lost && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
      });
    };
  }, [opened]);
}
