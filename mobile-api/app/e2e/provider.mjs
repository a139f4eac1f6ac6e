// A real OpenID provider for the browser tests: oidc-provider with its own sign-in pages, which take any password.
// Its sockets are handed over as files 3 and up, open already: the cloud and the browser live in different networks.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const { ISSUER: issuer, CLIENT: client_id, SECRET: secret, RETURN: back, SOCKETS: sockets } = process.env;

/** Who there is, by what they type as their login. */
const people = {
  julie: { name: "Julie", email: "staff@carebox.example", email_verified: true },
  ruth: { name: "Ruth", email: "ruth@carebox.example", email_verified: true, groups: ["carebox-support"], locale: "fr" },
  mallory: { name: "Mallory", email: "mallory@elsewhere.example", email_verified: true },
  trudy: { name: "Trudy", email: "staff@carebox.example", email_verified: false },
};

const provider = new Provider(issuer, {
  clients: [{ client_id, client_secret: readFileSync(secret, "utf8").trim(), redirect_uris: [back] }],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "locale", "groups"] },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...people[sub] }) }),
  pkce: { required: () => true },
  cookies: { keys: ["of a test"] },
});
for (let socket = 0; socket < Number(sockets); socket++) createServer(provider.callback()).listen({ fd: 3 + socket });
