import { Outlet, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { left } from "./client";

/** Sends whoever is signed out, here or from elsewhere, to the door. */
export function Root() {
  const navigate = useNavigate();
  useEffect(() => {
    const go = () => void navigate({ to: "/sign-in" });
    window.addEventListener(left, go);
    return () => window.removeEventListener(left, go);
  }, [navigate]);
  return <Outlet />;
}
