import { useState } from "react";
import { keep as store } from "../shell/keep";

/** A choice that this browser keeps. What cannot be read is the choice of a beginner. */
export function useKept<T>(key: string, first: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => {
    try {
      return { kept: first, ...(JSON.parse(localStorage.getItem(key) ?? "{}") as { kept?: T }) }.kept;
    } catch {
      return first;
    }
  });
  const keep = (next: T) => {
    store(key, JSON.stringify({ kept: next }));
    setValue(next);
  };
  return [value, keep];
}
