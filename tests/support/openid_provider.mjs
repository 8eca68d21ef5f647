// A real OpenID provider on loopback, for tests: `node openid_provider.mjs '{"port":…,"redirect":…,"key":…,…}'`.
// It says "ready" on standard output once it listens. Its accounts are those it is given; any password will do.
import { createPrivateKey, generateKeyPairSync } from "node:crypto";

import Provider from "oidc-provider";

const given = JSON.parse(process.argv[2]);
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = { ...createPrivateKey(privateKey.export({ type: "pkcs8", format: "pem" })).export({ format: "jwk" }), kid: given.key, use: "sig", alg: "RS256" };

const provider = new Provider(`http://localhost:${given.port}`, {
  clients: [{
    client_id: given.client,
    ...(given.secret ? { client_secret: given.secret } : { token_endpoint_auth_method: "none" }),
    redirect_uris: [given.redirect],
    grant_types: ["authorization_code"],
    response_types: ["code"],
  }],
  jwks: { keys: [key] },
  cookies: { keys: ["only for tests"] },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  // As strict providers do: e-mail and name are told to whoever asks for them with the access token.
  conformIdTokenClaims: given.strict,
  pkce: { required: () => true, methods: ["S256"] },
  ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
  async findAccount(_context, id) {
    const account = given.accounts[id];
    return account && { accountId: id, claims: async () => ({ sub: id, ...account }) };
  },
});
provider.listen(given.port, "127.0.0.1", () => process.stdout.write("ready\n"));
