import { useState } from "react";
import { useConsole } from "./ConsoleContext";

/** A choice that stays while somebody is at another case. */
export function usePlace<T extends string>(key: string, first: T): [T, (value: T) => void] {
  const { places } = useConsole();
  const [value, setValue] = useState<T>(() => (places.get(key) as T | undefined) ?? first);
  const keep = (next: T) => {
    places.set(key, next);
    setValue(next);
  };
  return [value, keep];
}
