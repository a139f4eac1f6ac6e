import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import type { components } from "../api/schema.gen";

export type Passkey = components["schemas"]["Passkey"];

export const passkeysQuery = queryOptions({
  queryKey: ["passkeys"],
  queryFn: () => answer(api.GET("/me/passkeys")),
});

/** Whether this browser can make a passkey and sign in with one, from what the server says in JSON. */
export function hasPasskeys(): boolean {
  if (!("credentials" in navigator) || typeof PublicKeyCredential === "undefined") return false;
  const { parseCreationOptionsFromJSON: creation, parseRequestOptionsFromJSON: request } = PublicKeyCredential;
  return typeof creation === "function" && typeof request === "function";
}

/** Makes a passkey and keeps it; false where the member changed their mind. */
export async function makePasskey(password: string, name: string): Promise<boolean> {
  const { ceremony, options } = await answer(api.POST("/me/passkeys/options", { body: { password } }));
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey as PublicKeyCredentialCreationOptionsJSON);
  const made = await unlessCancelled(navigator.credentials.create({ publicKey }));
  if (!made) return false;
  const credential = (made as PublicKeyCredential).toJSON();
  await answer(api.POST("/me/passkeys", { body: { ceremony, name, credential } }));
  return true;
}

/** Signs in with a passkey; false where the member changed their mind. */
export async function signInByPasskey(): Promise<boolean> {
  const { ceremony, options } = await answer(api.POST("/sessions/passkey/options"));
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey as PublicKeyCredentialRequestOptionsJSON);
  const said = await unlessCancelled(navigator.credentials.get({ publicKey }));
  if (!said) return false;
  const credential = (said as PublicKeyCredential).toJSON();
  await answer(api.POST("/sessions/passkey", { body: { ceremony, credential, kind: "browser" } }));
  return true;
}

/** A browser says the same of a member who cancels and of one who waits too long: neither is an error. */
async function unlessCancelled<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "AbortError")) return null;
    throw error;
  }
}
