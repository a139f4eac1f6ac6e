import { useEffect, useEffectEvent } from "react";
import { type Act, actOf } from "./keys";

/** Single keys, while they are on. */
export function useKeys(on: boolean, act: (act: Act, key: string) => void): void {
  const pressed = useEffectEvent((event: KeyboardEvent) => {
    const asked = actOf(event);
    if (!asked || event.repeat) return;
    event.preventDefault();
    act(asked, event.key);
  });
  useEffect(() => {
    if (!on) return;
    const listen = (event: KeyboardEvent) => pressed(event);
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [on]);
}
