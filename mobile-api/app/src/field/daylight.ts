import { useLayoutEffect, useSyncExternalStore } from "react";
import { keep } from "../shell/keep";

/** Light unless the technician chose dark on this phone: the sun, not the phone's own appearance, decides outdoors. */
const key = "carebox.field.dark";
const attribute = "data-mantine-color-scheme";
const listeners = new Set<() => void>();

const isDark = (): boolean => localStorage.getItem(key) !== null;

export function setDark(dark: boolean): void {
  if (dark) keep(key, "1");
  else localStorage.removeItem(key);
  listeners.forEach((tell) => tell());
}

const subscribe = (tell: () => void) => {
  listeners.add(tell);
  return () => listeners.delete(tell);
};

export function useDark(): boolean {
  return useSyncExternalStore(subscribe, isDark);
}

/** Holds as long as the entrance is on the screen; then the app's own appearance is back. */
export function useDaylight(): void {
  const dark = useDark();
  useLayoutEffect(() => {
    const page = document.documentElement;
    const wanted = dark ? "dark" : "light";
    let own = page.getAttribute(attribute);
    page.setAttribute(attribute, wanted);
    const guard = new MutationObserver(() => {
      const now = page.getAttribute(attribute);
      if (now === wanted) return;
      own = now; // the phone went over to dark at sunset
      page.setAttribute(attribute, wanted);
    });
    guard.observe(page, { attributeFilter: [attribute] });
    return () => {
      guard.disconnect();
      if (own) page.setAttribute(attribute, own);
    };
  }, [dark]);
}
