import { answer, api, from, type HomeState, type Policy, type Target } from "../api/client";
import type { Wish } from "./ChangeContext";

/** For how long: minutes, until an instant, or without end. */
export type Length = { minutes: number } | { until: string } | Record<string, never>;

type Sent = (home: string, body: HomeState) => Promise<HomeState>;

const wish = (label: string, home: string, send: Sent): Wish => ({ label, send: (seen) => send(home, seen) });

const at = (home: string, seen: HomeState) => ({ path: { home }, header: from(seen) });
const atID = (home: string, seen: HomeState, id: string) => ({ path: { home, id }, header: from(seen) });

export function pauseOf(home: string, target: Target, length: Length, label: string): Wish {
  return wish(label, home, (home, seen) =>
    answer(api.POST("/homes/{home}/pause", { params: at(home, seen), body: { for: target, ...length } })),
  );
}

export function bonusOf(home: string, target: Target, minutes: number, label: string): Wish {
  return wish(label, home, (home, seen) =>
    answer(api.POST("/homes/{home}/bonus", { params: at(home, seen), body: { for: target, minutes } })),
  );
}

export function resumeOf(home: string, target: Target, label: string): Wish {
  return wish(label, home, (home, seen) =>
    answer(api.POST("/homes/{home}/resume", { params: at(home, seen), body: { for: target } })),
  );
}

export function liftOf(home: string, override: string, label: string): Wish {
  return wish(label, home, (home, seen) =>
    answer(api.DELETE("/homes/{home}/overrides/{id}", { params: atID(home, seen, override) })),
  );
}

export function undoOf(home: string, revision: number, label: string): Wish {
  return undoing(label, home, (home, header, query) =>
    answer(api.POST("/homes/{home}/history/{revision}/undo", { params: { path: { home, revision }, header, query } })),
  );
}

/** Takes back all that was changed in a visit, at once. */
export function undoVisitOf(home: string, session: string, label: string): Wish {
  return undoing(label, home, (home, header, query) =>
    answer(api.POST("/homes/{home}/support/{session}/undo", { params: { path: { home, session }, header, query } })),
  );
}

type SentBack = (home: string, header: ReturnType<typeof from>, query: { anyway?: boolean }) => Promise<HomeState>;

/** Taking back also what was touched since is for who was shown what it comes to, from that very state; else it is asked again. */
function undoing(label: string, home: string, send: SentBack, shown?: HomeState): Wish {
  const anyway = (seen: HomeState) => seen.asked.revision === shown?.asked.revision;
  return {
    ...wish(label, home, (home, seen) => send(home, from(seen), anyway(seen) ? { anyway: true } : {})),
    anyway: (current) => undoing(label, home, send, current),
  };
}

/** A change of several parts at once, made from whatever the home is when it is sent. */
export function policyOf(home: string, edit: (policy: Policy) => Policy, label: string): Wish {
  return wish(label, home, (home, seen) =>
    answer(api.PUT("/homes/{home}/policy", { params: at(home, seen), body: edit(seen.policy) })),
  );
}

type Entities = {
  people: "people"; devices: "devices"; schedules: "schedules"; exceptions: "exceptions"; budgets: "budgets"; reservations: "reservations";
};
type Entity<K extends keyof Entities> = NonNullable<Policy[K]>[number];

/** Creates or replaces one part; the path says which kind. */
export function putOf<K extends keyof Entities>(home: string, kind: K, entity: Entity<K>, label: string): Wish {
  return wish(label, home, (home, seen) => {
    const params = atID(home, seen, entity.id);
    const options = { params, body: entity as never };
    switch (kind as keyof Entities) {
      case "people":
        return answer(api.PUT("/homes/{home}/people/{id}", options));
      case "devices":
        return answer(api.PUT("/homes/{home}/devices/{id}", options));
      case "schedules":
        return answer(api.PUT("/homes/{home}/schedules/{id}", options));
      case "exceptions":
        return answer(api.PUT("/homes/{home}/exceptions/{id}", options));
      case "budgets":
        return answer(api.PUT("/homes/{home}/budgets/{id}", options));
      case "reservations":
        return answer(api.PUT("/homes/{home}/reservations/{id}", options));
    }
  });
}

type Deleted = "schedules" | "exceptions" | "budgets" | "reservations";

export function deleteOf(home: string, kind: Deleted, id: string, label: string): Wish {
  return wish(label, home, (home, seen) => {
    const options = { params: atID(home, seen, id) };
    switch (kind) {
      case "schedules":
        return answer(api.DELETE("/homes/{home}/schedules/{id}", options));
      case "exceptions":
        return answer(api.DELETE("/homes/{home}/exceptions/{id}", options));
      case "budgets":
        return answer(api.DELETE("/homes/{home}/budgets/{id}", options));
      case "reservations":
        return answer(api.DELETE("/homes/{home}/reservations/{id}", options));
    }
  });
}
