import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { meQuery } from "../api/query";
import { isSignedOut, Unreachable } from "../api/refusal";
import { HomeScreen } from "../home/HomeScreen";
import { queryClient } from "./client";
import { noteStep } from "./journey";
import { Broken, Missing } from "./Missing";
import { Root } from "./Root";
import { isEnded } from "./signedOut";
import { SignedIn } from "./SignedIn";

const root = createRootRoute({ component: Root, notFoundComponent: Missing, errorComponent: Broken });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  component: lazyRouteComponent(() => import("../signin/SignInScreen"), "SignInScreen"),
});

/** Lets in who is known; sends others to the door. */
async function known(): Promise<void> {
  if (queryClient.getQueryData(meQuery.queryKey)) return;
  if (!(await isEnded())) throw redirect({ to: "/sign-in" });
  try {
    await queryClient.fetchQuery({ ...meQuery, retry: false });
  } catch (error) {
    if (isSignedOut(error)) throw redirect({ to: "/sign-in" });
    throw error;
  }
}

/** Screens for members only. Without a network the member known last is enough to look at what is known. */
const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  component: SignedIn,
  validateSearch: ({ home }: Record<string, unknown>): { home?: string } => (typeof home === "string" ? { home } : {}),
  beforeLoad: known,
});

const home = createRoute({ getParentRoute: () => inside, path: "/", component: HomeScreen });

const person = createRoute({
  getParentRoute: () => inside,
  path: "/person/$id",
  component: lazyRouteComponent(() => import("../person/PersonScreen"), "PersonScreen"),
});

const device = createRoute({
  getParentRoute: () => inside,
  path: "/device/$id",
  component: lazyRouteComponent(() => import("../person/DeviceScreen"), "DeviceScreen"),
});

const hours = createRoute({
  getParentRoute: () => inside,
  path: "/hours/$kind/$id",
  component: lazyRouteComponent(() => import("../hours/HoursScreen"), "HoursScreen"),
});

const tv = createRoute({
  getParentRoute: () => inside,
  path: "/tv",
  component: lazyRouteComponent(() => import("../tv/TvScreen"), "TvScreen"),
});

const activity = createRoute({
  getParentRoute: () => inside,
  path: "/activity",
  component: lazyRouteComponent(() => import("../activity/ActivityScreen"), "ActivityScreen"),
});

const settings = createRoute({
  getParentRoute: () => inside,
  path: "/settings",
  component: lazyRouteComponent(() => import("../settings/SettingsScreen"), "SettingsScreen"),
});

const members = createRoute({
  getParentRoute: () => inside,
  path: "/members",
  component: lazyRouteComponent(() => import("../members/MembersScreen"), "MembersScreen"),
});

const help = createRoute({
  getParentRoute: () => inside,
  path: "/help",
  component: lazyRouteComponent(() => import("../help/HelpScreen"), "HelpScreen"),
});

const request = createRoute({
  getParentRoute: () => inside,
  path: "/help/case/$case",
  remountDeps: ({ params }) => params, // what is being written to one is not the other's
  component: lazyRouteComponent(() => import("../help/CaseScreen"), "CaseScreen"),
});

const guide = createRoute({
  getParentRoute: () => inside,
  path: "/help/guide/$guide",
  remountDeps: ({ params }) => params,
  component: lazyRouteComponent(() => import("../guide/GuideScreen"), "GuideScreen"),
});

const join = createRoute({
  getParentRoute: () => root,
  path: "/join",
  component: lazyRouteComponent(() => import("../join/JoinScreen"), "JoinScreen"),
});

const enter = createRoute({
  getParentRoute: () => root,
  path: "/enter",
  component: lazyRouteComponent(() => import("../join/EnterScreen"), "EnterScreen"),
});

const forgot = createRoute({
  getParentRoute: () => root,
  path: "/forgot",
  component: lazyRouteComponent(() => import("../join/ForgotScreen"), "ForgotScreen"),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset",
  component: lazyRouteComponent(() => import("../join/ResetScreen"), "ResetScreen"),
});

/** A technician whose phone died in a cellar is known by what visits keep. */
async function knownWithoutNetwork(): Promise<void> {
  try {
    await known();
  } catch (error) {
    const me = error instanceof Unreachable ? await (await import("../field/self")).keptMe() : undefined;
    if (!me) throw error;
    queryClient.setQueryData(meQuery.queryKey, me, { updatedAt: 0 });
  }
}

/** The technicians' entrance: its words and its screens are loaded with it. */
const field = createRoute({
  getParentRoute: () => root,
  path: "/field",
  component: lazyRouteComponent(() => import("../field/FieldFrame"), "FieldFrame"),
  beforeLoad: knownWithoutNetwork,
});

const fieldToday = createRoute({
  getParentRoute: () => field,
  path: "/",
  validateSearch: ({ list }: Record<string, unknown>): { list?: boolean } => (list ? { list: true } : {}),
  component: lazyRouteComponent(() => import("../field/TodayScreen"), "TodayScreen"),
});

const fieldVisit = createRoute({
  getParentRoute: () => field,
  path: "/visit/$visit/$step",
  component: lazyRouteComponent(() => import("../field/VisitScreen"), "VisitScreen"),
});

/** The console of those who help: desktop first, its words and its screens are loaded with it. */
const support = createRoute({
  getParentRoute: () => root,
  path: "/support",
  validateSearch: ({ case: open }: Record<string, unknown>): { case?: string } => (typeof open === "string" ? { case: open } : {}),
  component: lazyRouteComponent(() => import("../support/SupportFrame"), "SupportFrame"),
  beforeLoad: known,
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn, join, enter, forgot, reset,
    field.addChildren([fieldToday, fieldVisit]),
    support,
    inside.addChildren([home, person, device, hours, tv, activity, settings, members, help, request, guide]),
  ]),
  defaultPreload: "intent",
  scrollRestoration: true,
});

router.subscribe("onResolved", ({ toLocation }) => noteStep("look", toLocation.pathname));

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
